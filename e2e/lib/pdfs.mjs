// PDFs that nobody made for these tests: unpacked from Debian's documentation packages by `cargo xtask setup`.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { root } from "./server.mjs";

const folder = process.env.GALLEY_PDFS ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "xtask/debian-pdfs");

/** Name → path inside the unpacked packages. */
const packed = {
  "debian-faq.pdf": "usr/share/doc/debian/FAQ/debian-faq.en.pdf.gz",
  "refcard.pdf": "usr/share/doc/debian-refcard/refcard-en-a4.pdf.gz",
  "refcard-japanese.pdf": "usr/share/doc/debian-refcard/refcard-ja-a4.pdf.gz",
  "refcard-hindi.pdf": "usr/share/doc/debian-refcard/refcard-hi-a4.pdf.gz",
};

export const realPdfs = Object.keys(packed);

/** Unpacks one of `realPdfs` and answers its path. */
export function realPdf(name) {
  mkdirSync(join(folder, "plain"), { recursive: true });
  const path = join(folder, "plain", name);
  writeFileSync(path, gunzipSync(readFileSync(join(folder, packed[name]))));
  return path;
}

/** What poppler says about a file: number of pages, and the size of the first in points. */
export function pdfInfo(path) {
  const text = execFileSync("pdfinfo", [path], { encoding: "utf8", timeout: 20_000 });
  const [, width, height] = text.match(/^Page size:\s+([\d.]+) x ([\d.]+)/m);
  return { pages: Number(text.match(/^Pages:\s+(\d+)/m)[1]), width: Number(width), height: Number(height) };
}
