// What drawing costs: the child alone, and other renderers beside it in the same run.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { root } from "../lib/server.mjs";
import { picturesPdf, posterPdf } from "./inputs.mjs";
import { makePdf } from "./pdf.mjs";
import { memory } from "./process.mjs";

const DPI = 150;
/** The zoom level nearest to that: 100 % is 96 dpi, and each level is twice as large as the one before. */
const LEVEL_DPI = 192;
/** Levels for one page at a time start a child each; that is measured on documents of up to so many pages. */
const FEW_PAGES = 40;
/** The quickest of so many runs counts: what else the machine does only makes them slower. */
const RUNS = 3;

const have = (program) => (process.env.PATH ?? "").split(":").some((folder) => {
  try { return readdirSync(folder).includes(program); } catch { return false; }
});

/** CPU seconds that a command and its children take. */
function cpu(program, args, input) {
  const quoted = [program, ...args].map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(" ");
  const script = `TIMEFORMAT='%3U %3S'; time ${quoted} >/dev/null 2>/dev/null`;
  let least = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const told = execFileSync("bash", ["-c", `{ ${script}; } 2>&1`], { input, encoding: "utf8", env: { ...process.env, GALLEY_MEDIA_LIMITS: LIMITS } });
    const [user, system] = told.trim().split(/\s+/).map(Number);
    least = Math.min(least, user + system);
  }
  return Math.max(least, 0.001);
}

const LIMITS = JSON.stringify({ memory_bytes: 4 * 2 ** 30, cpu_seconds: 600, output_bytes: 2 ** 30, tool: false });
const request = (input, out, task) => JSON.stringify({ input, kind: "pdf", out, max_pages: 2000, max_page_pixels: 2 ** 30, max_page_side: 200_000, task });

/** One child; answers what it said, and the most memory it had in MiB. */
async function child(input, out, task) {
  const process_ = spawn(process.env.GALLEY_BIN, ["media-child"], { env: { GALLEY_MEDIA_LIMITS: LIMITS }, stdio: ["pipe", "pipe", "inherit"] });
  let [said, peak] = ["", 0];
  const look = setInterval(() => {
    try { peak = Math.max(peak, memory(process_.pid).peak); } catch { /* it has ended */ }
  }, 5);
  process_.stdout.on("data", (text) => (said += text));
  process_.stdin.end(request(input, out, task));
  await once(process_, "close");
  clearInterval(look);
  const events = said.trim().split("\n").map((line) => JSON.parse(line));
  if (events.at(-1)?.event !== "done") throw new Error(`${input}: ${said.slice(-300)}`);
  return { events, peak };
}

/** Pages as they are told when a file is opened, from which the server works out levels. */
const level = (page, dpi) => {
  const zoom = Math.min(16, Math.max(1, 65_536 / Math.max(page.width, page.height)));
  const [width, height] = [Math.ceil(page.width * zoom), Math.ceil(page.height * zoom)];
  let max = 0;
  while (Math.ceil(Math.max(width, height) / 2 ** max) > 512) max++;
  const number = max - Math.max(0, Math.round(Math.log2((zoom * 96) / dpi)));
  const tiles = (side) => Math.ceil(Math.ceil(side / 2 ** (max - number)) / 512);
  return { number, columns: tiles(width), rows: tiles(height) };
};

const mean = (ratios) => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

export async function render(report) {
  const folder = mkdtempSync(join(root, "target", "bench-"));
  const out = join(folder, "out");
  mkdirSync(out);
  const write = (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  try {
    const poster = write("poster-a0.pdf", posterPdf(folder));
    const below = (path) => readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".pdf")).map((entry) => join(entry.parentPath, entry.name)).sort();
    const files = [...below(join(root, "demo/files")), ...below(process.env.GALLEY_PDFS), write("text.pdf", makePdf(100)), write("pictures.pdf", picturesPdf(30))];
    const [mutool, vips] = [have("mutool"), have("vips")];
    const [drawing, whole] = [[], []];
    console.log(`\nPages per CPU second at ${DPI} dpi${" ".repeat(12)} pages   Galley pdftoppm   mutool     vips`);
    for (const path of files) {
      const { events } = await child(path, out, { task: "open", skip: [] });
      const { pages } = events.find((event) => event.event === "info");
      const rate = (program, args, input) => pages.length / cpu(program, args, input);
      const ours = rate(process.env.GALLEY_BIN, ["media-child"], request(path, out, { task: "draw", dpi: DPI }));
      const poppler = rate("pdftoppm", ["-r", DPI, path].map(String));
      const others = [
        mutool ? rate("mutool", ["draw", "-q", "-r", String(DPI), "-F", "ppm", "-o", "/dev/null", path]) : NaN,
        // All pages become one picture, which has to be of one size and not too high.
        vips && pages.length <= FEW_PAGES ? rate("vips", ["copy", `${path}[dpi=${DPI},n=-1]`, join(out, "page.v")]) : NaN,
      ];
      drawing.push(ours / poppler);
      const figures = [ours, poppler, ...others].map((figure) => (Number.isNaN(figure) ? "–" : figure.toFixed(1)).padStart(8));
      console.log(`  ${basename(path).padEnd(40)} ${String(pages.length).padStart(5)} ${figures.join(" ")}`);
      if (pages.length <= FEW_PAGES) {
        // What the server has done: everything is opened once, then tiles of each page are asked for.
        const tasks = pages.slice(1).map((page, at) => {
          const { number, columns, rows } = level(page, LEVEL_DPI);
          return { task: "tiles", page: at + 2, level: number, x0: 0, x1: columns, y0: 0, y1: rows, first: [0, 0] };
        });
        const way = [{ task: "open", skip: [] }, ...tasks].reduce((sum, task) => sum + cpu(process.env.GALLEY_BIN, ["media-child"], request(path, out, task)), 0);
        whole.push(cpu("pdftoppm", ["-r", String(LEVEL_DPI), path]) / way);
      }
    }
    report(`Drawing at ${DPI} dpi compared with pdftoppm, mean`, mean(drawing), "times", { least: 2.5 });
    report(`Tiles at ${LEVEL_DPI} dpi, thumbnails, text; with pdftoppm`, mean(whole), "times", { least: 1.2 });
    const opened = await child(poster, out, { task: "open", skip: [] });
    const page = opened.events.find((event) => event.event === "info").pages[0];
    const { number } = level(page, 16 * 96);
    const deep = await child(poster, out, { task: "tiles", page: 1, level: number, x0: 40, x1: 44, y0: 40, y1: 44, first: [41, 41] });
    report("Memory of the child at most, opening a poster of A0", opened.peak, "MiB", 300);
    report("Memory of the child at most, deep in that poster", deep.peak, "MiB", 300);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
