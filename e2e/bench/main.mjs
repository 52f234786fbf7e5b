// The figures of `cargo xtask bench`: speed and size of a release build on this machine.
//
//   node bench/main.mjs [start] [pages] [session] [list] [compare] [large] [upload] [render] [media]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { Api, codeOf } from "../lib/api.mjs";
import { Galley, root } from "../lib/server.mjs";
import { cpuPerGet, cpuPerRequest, post } from "./load.mjs";
import { media } from "./media.mjs";
import { makePdf } from "./pdf.mjs";
import { memory } from "./process.mjs";
import { render } from "./render.mjs";

const PAGES = 100;
const MIB = 1024 * 1024;
const soapHeaders = { "content-type": "text/xml; charset=utf-8" };
const envelope = (operation, parts) =>
  `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="https://soap.proofhq.com/"><SOAP-ENV:Body><ns1:${operation}>${Object.entries(parts).map(([name, value]) => `<${name}>${value}</${name}>`).join("")}</ns1:${operation}></SOAP-ENV:Body></SOAP-ENV:Envelope>`;

/** `limit` is the most there may be, or `{ least }`. */
function report(what, value, unit, limit) {
  const figure = `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
  const least = limit?.least;
  let verdict = "";
  if (least !== undefined) verdict = `${value >= least ? "OK, at least" : "UNDER"} ${least} ${unit}`;
  else if (limit !== undefined) verdict = `${value <= limit ? "OK, within" : "OVER"} ${limit} ${unit}`;
  console.log(`${what.padEnd(52)} ${figure.padStart(12)}   ${verdict}`);
}

/** Demo data is rendered on first start; figures are taken when that is over. */
async function quiet(api) {
  const end = Date.now() + 300_000;
  for (;;) {
    const { items } = await api.get("/proofs?limit=100");
    if (items.every((proof) => proof.processing === "ready" || proof.processing === "failed")) return;
    if (Date.now() > end) throw new Error("proofs are still being processed");
    await sleep(500);
  }
}

const figures = {
  async start(server) {
    await server.stop();
    report("Ready after starting on existing data", await server.launch(), "ms", 1000);
    await sleep(3000);
    report("Memory of the idle server", memory(server.pid).now, "MiB", 80);
  },

  async pages(server) {
    const api = await Api.logIn(server);
    const bytes = makePdf(PAGES);
    const { upload_id } = await api.upload(bytes, "hundred.pdf");
    const uploaded = performance.now();
    const proof = await api.json("POST", "/proofs", { upload_id, reviewers: [{ email: "bench@example.com", role: "reviewer" }] });
    const code = codeOf(proof.reviewers.find((one) => one.email === "bench@example.com").link);
    const base = `${server.url}/api/v1/links/${code}/pages`;
    const until = async (url) => {
      while (!(await fetch(url).then(async (answer) => (await answer.arrayBuffer(), answer.ok)))) {
        if (performance.now() - uploaded > 120_000) throw new Error(`never served: ${url}`);
        await sleep(10);
      }
    };
    await until(`${base}/1/tiles/0/0/0`);
    const link = await new Api(server).get(`/links/${code}`);
    const { max_level } = link.pages[0].tiles;
    await until(`${base}/1/tiles/${max_level}/0/0`);
    report(`First page of ${PAGES}, sharp, after the upload`, performance.now() - uploaded, "ms", 1000);
    for (let page = 1; page <= PAGES; page++) await until(`${base}/${page}/thumbnail`);
    report(`All ${PAGES} thumbnails after the upload`, performance.now() - uploaded, "ms", 10_000);
  },

  async session(server) {
    const session = await soapSession(server);
    const ask = envelope("checkSession", { SessionID: session });
    const agent = new Agent();
    const answer = await post(agent, `${server.url}/soap`, ask, soapHeaders);
    agent.destroy();
    const ours = await cpuPerRequest(server.pid, `${server.url}/soap`, ask, soapHeaders, 20_000);
    const bare = await bareServer(answer, (pid, url) => cpuPerRequest(pid, url, ask, soapHeaders, 20_000));
    report("checkSession, CPU", ours.micros, "µs");
    report("The same bytes from a bare hyper server, CPU", bare.micros, "µs");
    report("checkSession compared with bare hyper", ours.micros / bare.micros, "times", 3);
  },

  async list(server) {
    const api = await Api.logIn(server, "admin@demo.test");
    const picture = readFileSync(join(root, "demo/files/autumn-square.png"));
    const { items } = await api.get("/proofs?limit=100");
    for (let n = items.length; n < 55; n++) {
      const { upload_id } = await api.upload(picture, `picture-${n}.png`);
      await api.json("POST", "/proofs", { upload_id, name: `Picture ${n}`, reviewers: [{ email: "bench@example.com" }] });
    }
    await quiet(api);
    const ask = envelope("getAllProofs", { SessionID: await soapSession(server), StartFrom: 0, ItemsPerPage: 50 });
    const agent = new Agent();
    const found = (await post(agent, `${server.url}/soap`, ask, soapHeaders)).toString().split("<file_id>").length - 1;
    agent.destroy();
    if (found !== 50) throw new Error(`getAllProofs answered ${found} proofs, not 50`);
    const { micros } = await cpuPerRequest(server.pid, `${server.url}/soap`, ask, soapHeaders, 4000);
    report("getAllProofs of 50, CPU", micros, "µs", 550);
  },

  /** Two versions of a document: every page differs in its last line. */
  async compare(server) {
    const api = await Api.logIn(server);
    const codes = [];
    let first;
    for (const pages of [20, 21]) {
      const { upload_id } = await api.upload(makePdf(pages), "compare.pdf");
      const body = { upload_id, reviewers: [{ email: "bench@example.com", role: "reviewer" }] };
      const made = await api.json("POST", first ? `/proofs/${first}/versions` : "/proofs", body);
      first ??= made.id;
      const { reviewers } = await api.settled(made.id);
      codes.push(codeOf(reviewers.find((one) => one.email === "bench@example.com").link));
    }
    const anyone = new Api(server);
    const base = `/links/${codes[1]}/compare/${codes[0]}`;
    const timed = async (times, path) => {
      const start = performance.now();
      const answer = await anyone.get(path);
      times.push(performance.now() - start);
      return answer;
    };
    const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
    const [news, again] = [[], []];
    for (let page = 1; page <= 20; page++) {
      const found = await timed(news, `${base}/pages/${page}/${page}`);
      if (!found.regions.length) throw new Error(`page ${page} does not differ`);
      await timed(again, `${base}/pages/${page}/${page}`);
    }
    report("Two A4 pages at 150 dpi compared, from the originals", median(news), "ms", 150);
    report("The same once more, from the cache", median(again), "ms");
  },

  /** Lists and single proofs on 100,000 proofs, 1,000,000 comments and 2,000 users. */
  async large() {
    const server = await Galley.startLoaded();
    const agent = new Agent({ keepAlive: true });
    try {
      const login = envelope("getSessionId", { EmailAddress: "admin@load.test", AuthToken: "load-token" });
      const SessionID = (await post(agent, `${server.url}/soap`, login, soapHeaders)).toString().match(/<session>(.+?)<\/session>/)[1];
      const ask = (operation, parts) => envelope(operation, { SessionID, ...parts });
      const cpu = async (what, operation, parts, limit, count = 2000, at = "/soap") => {
        const { micros } = await cpuPerRequest(server.pid, `${server.url}${at}`, ask(operation, parts), soapHeaders, count);
        report(what, micros, "µs", limit);
        return micros;
      };
      const first = await cpu("Large: getAllProofs, rows 1 to 50, CPU", "getAllProofs", { StartFrom: 0, ItemsPerPage: 50 }, 300);
      const deep = await cpu("Large: getAllProofs, rows 99,001 to 99,050, CPU", "getAllProofs", { StartFrom: 99_000, ItemsPerPage: 50 }, 300);
      report("Large: the deep page compared with the first", deep / first, "times", 1.5);
      const newest = (await post(agent, `${server.url}/soap`, ask("getAllProofs", { StartFrom: 0, ItemsPerPage: 1 }), soapHeaders)).toString();
      const FileID = newest.match(/<file_id>(\d+)<\/file_id>/)[1];
      await cpu("Large: getProofDetails, 10 reviewers and 3 stages, CPU", "getProofDetails", { FileID }, 150, 4000, "/18_3_0/soap");
      const times = [];
      for (const name of ["spring", "poster", "spring poster", "market leaflet", "77777", "red ticket 5", "nothing", "p", "garden 1234", "blue"]) {
        const body = ask("searchByProofName", { ProofName: name, StartFrom: 0, ItemsPerPage: 50 });
        for (let n = 0; n < 30; n++) {
          const start = performance.now();
          await post(agent, `${server.url}/16_24_0/soap`, body, soapHeaders);
          times.push(performance.now() - start);
        }
      }
      times.sort((a, b) => a - b);
      report("Large: searchByProofName, 99 of 100 answers within", times[Math.floor(times.length * 0.99)], "ms", 20);
      const wsdl = await cpuPerGet(server.pid, `${server.url}/soap?wsdl`, 5000);
      report("Large: the WSDL from the cache, CPU", wsdl.micros, "µs", 50);
    } finally {
      agent.destroy();
      await server.remove();
    }
  },

  async upload(server) {
    await server.stop();
    await server.launch();
    const start = performance.now();
    await uploadOf(server, 1024 * MIB);
    const seconds = (performance.now() - start) / 1000;
    report("Memory at most while 1 GiB is uploaded", memory(server.pid).peak, "MiB", 150);
    report("Speed of that upload", 1024 / seconds, "MiB/s");
  },

  /** Drawing compared with other renderers, and the memory it takes. */
  render: () => render(report),

  /** What people wait for. */
  media: (server) => media(server, report),
};

async function soapSession(server) {
  const agent = new Agent();
  const text = (await post(agent, `${server.url}/soap`, envelope("doLogin", { Login: "admin@demo.test", Password: "galley-demo" }), soapHeaders)).toString();
  agent.destroy();
  return text.match(/<session>(.+?)<\/session>/)[1];
}

/** Measures `examples/bare.rs`, which answers `body` to everything. */
async function bareServer(body, measure) {
  const child = spawn(process.env.GALLEY_BARE, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    child.stdin.end(body);
    const [line] = await once(createInterface(child.stdout), "line");
    return await measure(child.pid, line);
  } finally {
    child.kill("SIGKILL");
  }
}

/** Streams `size` bytes to upload.php as one multipart file. */
async function uploadOf(server, size) {
  const [head, tail] = ["--B\r\nContent-Disposition: form-data; name=\"file1\"; filename=\"large.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n", "\r\n--B--\r\n"];
  const block = Buffer.alloc(MIB, "galley ");
  const ask = request(`${server.url}/upload.php`, {
    method: "POST", timeout: 120_000,
    headers: { "content-type": "multipart/form-data; boundary=B", "content-length": head.length + size + tail.length },
  });
  const answered = once(ask, "response");
  answered.catch(() => {});
  ask.write(head);
  for (let sent = 0; sent < size; sent += block.length) {
    if (!ask.write(block)) await Promise.race([once(ask, "drain"), answered]);
  }
  ask.end(tail);
  const [answer] = await answered;
  let text = "";
  for await (const chunk of answer) text += chunk;
  if (answer.statusCode !== 200 || !/<filehash>.+<\/filehash>/.test(text)) throw new Error(`upload.php: ${answer.statusCode} ${text}`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in figures));
if (unknown.length) {
  console.error(`no figure is called ${unknown.join(", ")}; there are ${Object.keys(figures).join(", ")}`);
  process.exit(2);
}
const server = await Galley.start();
try {
  await quiet(await Api.logIn(server));
  for (const [name, measure] of Object.entries(figures)) {
    if (!wanted.length || wanted.includes(name)) await measure(server);
  }
} finally {
  await server.remove();
}
