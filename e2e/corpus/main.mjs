// Uploads hundreds of files to a server and tells what became of each: nothing may bring it down, nothing may take
// longer than the limit, and whatever fails has to say why.
//
//   node corpus/main.mjs [--mutated N] [--seed N] [--write]
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { Api } from "../lib/api.mjs";
import { Galley, root } from "../lib/server.mjs";
import { mutated, numbers } from "./mutate.mjs";

const IN_FLIGHT = 4;
/** A file that is not done by then hangs: the limits of a child are below. */
const LIMIT = 15 * 60_000;
/** Larger originals are not mutated: damage to one byte of many is rarely seen. */
const MUTABLE = 600_000;

const { values: options } = parseArgs({
  options: { mutated: { type: "string", default: "500" }, seed: { type: "string", default: "1" }, write: { type: "boolean", default: false } },
});

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const pdfs = [process.env.GALLEY_PDFS, process.env.GALLEY_CORPUS].flatMap(filesBelow).filter((path) => path.endsWith(".pdf"));
const fixtures = ["crates/galley-media/tests/fixtures", "demo/files"].flatMap((folder) => filesBelow(join(root, folder)));
const small = [...fixtures, ...pdfs].filter((path) => statSync(path).size <= MUTABLE && statSync(path).size > 0);
const originals = small.map((path) => ({ name: basename(path), bytes: readFileSync(path) }));
const random = numbers(Number(options.seed));

const given = (kind) => (path) => ({ kind, name: basename(path), bytes: () => readFileSync(path) });
const work = [...fixtures.map(given("Fixtures")), ...pdfs.map(given("PDFs of Debian documentation"))];
for (let n = 0; n < Number(options.mutated); n++) {
  const { name, how, bytes } = mutated(originals, random);
  work.push({ kind: "Mutated files", name: `${n}-${name}`, how, bytes: () => bytes });
}

/** One file through the front door: `ready`, `failed`, `refused` at the door, or `hung`. */
async function feed(api, file) {
  const start = performance.now();
  const done = (outcome, more) => ({ ...file, bytes: undefined, outcome, seconds: (performance.now() - start) / 1000, pages: 0, badPages: 0, ...more });
  let proof;
  try {
    const { upload_id } = await api.upload(file.bytes(), file.name);
    proof = await api.json("POST", "/proofs", { upload_id, name: file.name });
  } catch (error) {
    if (!error.status) throw error;
    return done("refused", { reason: error.message });
  }
  let settled;
  try {
    settled = await api.settled(proof.id, LIMIT);
  } catch {
    return done("hung", { reason: "" });
  }
  if (settled.processing === "failed") return done("failed", { reason: settled.processing_error });
  const { pages } = await api.get(`/links/${settled.open_link.split("/").pop()}`);
  const bad = pages.filter((page) => page.error);
  return done("ready", { pages: pages.length, badPages: bad.length, reason: bad.map((page) => page.error)[0] });
}

const server = await Galley.start();
const results = [];
let died = null;
try {
  const pid = server.pid;
  const queue = work.slice();
  const run = async () => {
    const api = await Api.logIn(server);
    for (let file = queue.shift(); file && !died; file = queue.shift()) {
      try {
        results.push(await feed(api, file));
      } catch (error) {
        died = `${file.name} (${file.how ?? "as it is"}): ${error.message}`;
      }
      if (results.length % 50 === 0) process.stderr.write(`  ${results.length} of ${work.length}\n`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, run));
  const alive = await fetch(`${server.url}/readyz`).then((answer) => answer.ok, () => false);
  if (!alive || server.pid !== pid) died ??= "the server does not answer at the end";
} finally {
  await server.remove();
}

const kinds = [...new Set(work.map((file) => file.kind))];
const row = (cells) => `| ${cells.join(" | ")} |`;
const lines = [
  row(["Files", "Number", "Shown", "Failed", "Refused", "Hung", "Pages", "Pages that failed", "Median", "Slowest"]),
  row(["---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:"]),
];
for (const kind of kinds) {
  const of = results.filter((one) => one.kind === kind);
  const count = (outcome) => of.filter((one) => one.outcome === outcome).length;
  const sum = (key) => of.reduce((total, one) => total + one[key], 0);
  const times = of.map((one) => one.seconds).sort((a, b) => a - b);
  const slowest = of.find((one) => one.seconds === times.at(-1));
  lines.push(row([
    kind, of.length, count("ready"), count("failed"), count("refused"), count("hung"), sum("pages"), sum("badPages"),
    `${times[times.length >> 1].toFixed(1)} s`, `${times.at(-1).toFixed(1)} s (${slowest.name})`,
  ]));
}
const reasons = new Map();
for (const one of results.filter((one) => one.outcome !== "ready" || one.badPages)) {
  const key = `${one.badPages ? "page" : one.outcome}: ${one.reason || "NO REASON"}`;
  reasons.set(key, [...(reasons.get(key) ?? []), one.name]);
}
const listed = [...reasons].sort((a, b) => b[1].length - a[1].length);
lines.push("", row(["What they say", "Files", "For example"]), row(["---", "--:", "---"]));
for (const [reason, names] of listed) lines.push(row([reason.replaceAll("|", "\\|"), names.length, names[0]]));
console.log(lines.join("\n"));

const bad = results.filter((one) => one.outcome === "hung" || (one.outcome !== "ready" && !one.reason));
for (const one of bad) console.error(`✗ ${one.name} (${one.how ?? "as it is"}): ${one.outcome}, ${one.reason || "without a reason"}`);
if (died) console.error(`✗ the server is gone: ${died}`);
if (options.write && !died) {
  writeFileSync(join(root, "docs/corpus.md"), `# Files that nobody made for Galley

Written by \`cargo xtask corpus --write\`: every PDF of some documentation packages of Debian, every fixture, and files
broken on purpose (seed ${options.seed}), four at a time through a running server. Times are from the upload to the last page, with
others waiting in the same queue.

${lines.join("\n")}
`);
}
process.exit(died || bad.length ? 1 : 0);
