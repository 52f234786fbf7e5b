// Makes the demo artwork in ../files from the HTML pages in ./art with headless Chromium.
//
//   node demo/src/build.mjs [name …]      all pieces, or those whose file name contains one of the words
//
// Needs Debian's chromium and the font packages named in demo/README.md. The results are committed,
// so nobody has to run this to use the demo.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "files");

/** One piece: the page, its version, and for pictures the size in CSS pixels and the scale. */
const pieces = [
  { file: "festival-poster-v1.pdf", page: "poster.html", version: 1 },
  { file: "festival-poster-v2.pdf", page: "poster.html", version: 2 },
  { file: "tidewick-one-brochure.pdf", page: "brochure.html", version: 1 },
  { file: "coffee-box-dieline-v1.pdf", page: "dieline.html", version: 1 },
  { file: "coffee-box-dieline-v2.pdf", page: "dieline.html", version: 2 },
  { file: "business-cards.pdf", page: "cards.html", version: 1 },
  { file: "magazine-spread.pdf", page: "spread.html", version: 1 },
  { file: "annual-report-excerpt.pdf", page: "report.html", version: 1 },
  { file: "autumn-square.png", page: "square.html", version: 1, width: 1080, height: 1080 },
  { file: "autumn-banner.jpg", page: "banner.html", version: 1, width: 1500, height: 500, scale: 1.6 },
  { file: "shop-homepage.png", page: "homepage.html", version: 1, width: 1440, height: 2330 },
];

const profile = mkdtempSync(join(tmpdir(), "galley-art-"));
try {
  const wanted = process.argv.slice(2);
  for (const piece of pieces) {
    if (wanted.length && !wanted.some((word) => piece.file.includes(word))) continue;
    const target = join(out, piece.file);
    const url = `${pathToFileURL(join(here, "art", piece.page))}?v=${piece.version}`;
    const common = [
      "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--allow-file-access-from-files", "--hide-scrollbars", `--user-data-dir=${profile}`, "--virtual-time-budget=4000",
    ];
    if (piece.file.endsWith(".pdf")) {
      chromium([...common, "--no-pdf-header-footer", `--print-to-pdf=${target}`, url]);
    } else {
      chromium([
        ...common, `--window-size=${piece.width},${piece.height}`, `--force-device-scale-factor=${piece.scale ?? 1}`,
        `--screenshot=${target}`, url,
      ]);
    }
    console.log(`${piece.file}  ${(statSync(target).size / 1024).toFixed(0)} KiB`);
  }
} finally {
  rmSync(profile, { recursive: true, force: true });
}

function chromium(args) {
  execFileSync("chromium", args, { stdio: ["ignore", "ignore", "ignore"], timeout: 90_000 });
}
