// How long people wait: for the first page of a long document, tiles, a large photograph, and films.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Api, codeOf } from "../lib/api.mjs";
import { root } from "../lib/server.mjs";
import { film, picture, picturesPdf } from "./inputs.mjs";

/** A proof of the file: where its pages are, and when its last byte was sent. */
async function proofOf(server, api, bytes, name) {
  const { upload_id } = await api.upload(bytes, name);
  const sent = performance.now();
  const proof = await api.json("POST", "/proofs", { upload_id, reviewers: [{ email: "bench@example.com", role: "reviewer" }] });
  const code = codeOf(proof.reviewers.find((one) => one.email === "bench@example.com").link);
  return { proof, code, sent, pages: `${server.url}/api/v1/links/${code}/pages` };
}

async function until(url) {
  const start = performance.now();
  while (!(await fetch(url).then(async (answer) => (await answer.arrayBuffer(), answer.ok)))) {
    if (performance.now() - start > 120_000) throw new Error(`never served: ${url}`);
    await sleep(5);
  }
}

const timed = async (url) => {
  const start = performance.now();
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return performance.now() - start;
};

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

export async function media(server, report) {
  const folder = mkdtempSync(join(root, "target", "bench-"));
  try {
    // Before anything else: making them holds up everything here, kept connections to the server included.
    const [long, large] = [picturesPdf(500), picture(folder, 12_000, 9_000)];
    const films = ["minute.mp4", "minute.avi"].map((name) => [name, readFileSync(film(folder, name))]);
    await sleep(1000);
    const api = await Api.logIn(server);
    const document = await proofOf(server, api, long, "long.pdf");
    await until(`${document.pages}/1/tiles/0/0/0`);
    report(`First page of 500 (${Math.round(long.length / 1e6)} MB) after the upload`, performance.now() - document.sent, "ms", 1000);
    await api.settled(document.proof.id, 300_000);
    report("All 500 pages after the upload", (performance.now() - document.sent) / 1000, "s");
    const { pages } = await new Api(server).get(`/links/${document.code}`);
    const deep = pages[0].tiles.max_level - 1;
    const [cold, warm] = [[], []];
    for (let page = 20; page < 500; page += 40) {
      const url = `${document.pages}/${page}/tiles/${deep}/5/6`;
      cold.push(await timed(url));
      for (let again = 0; again < 5; again++) warm.push(await timed(url));
    }
    report("A tile deep in a page that nobody looked at", median(cold), "ms", 150);
    report("The same tile once more", median(warm), "ms", 2);

    // The first one also waits for memory that the machine has not given out before; bytes behind its end make each
    // a file of its own.
    const zoomable = [];
    for (let number = 0; number < 5; number++) {
      const photo = await proofOf(server, api, Buffer.concat([large, Buffer.from([number])]), "photo.jpg");
      await until(`${photo.pages}/1/tiles/5/0/0`);
      zoomable.push(performance.now() - photo.sent);
      await api.settled(photo.proof.id);
    }
    report("The first 12,000 × 9,000 JPEG zoomable after the upload", zoomable[0], "ms");
    report("12,000 × 9,000 JPEG zoomable after the upload, median", median(zoomable), "ms", 2500);

    for (const [name, bytes] of films) {
      const { proof, code, sent } = await proofOf(server, api, bytes, name);
      for (;;) {
        const now = await api.get(`/links/${code}/recording`).catch(() => null);
        if (now && now.state !== "waiting") {
          const answer = await fetch(server.url + now.media_url, { headers: { range: "bytes=0-65535" } });
          // A file that is being made is sent as it grows; its first bytes are what a player begins with.
          const reader = answer.body.getReader();
          const { value } = await reader.read();
          await reader.cancel();
          if (answer.ok && value?.length) break;
        }
        if (performance.now() - sent > 120_000) throw new Error(`${name} never plays`);
        await sleep(20);
      }
      report(`A minute of full HD (${name.slice(-3).toUpperCase()}) plays after the upload`, performance.now() - sent, "ms", 2000);
      const settled = await api.settled(proof.id, 300_000);
      if (settled.processing === "failed") throw new Error(`${name}: ${settled.processing_error}`);
      report(`The same is fully processed`, (performance.now() - sent) / 1000, "s", 60);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
