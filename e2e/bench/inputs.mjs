// Large files for the figures, the same in every run: FFmpeg draws pictures and films, the rest is written by hand.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A PDF of objects given as text or bytes, the first of them the catalogue. */
export function pdfOf(objects) {
  const parts = [Buffer.from("%PDF-1.4\n")];
  let length = parts[0].length;
  const offsets = objects.map((body, index) => {
    const offset = length;
    for (const part of [`${index + 1} 0 obj\n`, body, "\nendobj\n"]) {
      const bytes = Buffer.isBuffer(part) ? part : Buffer.from(part, "latin1");
      parts.push(bytes);
      length += bytes.length;
    }
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

const stream = (entries, bytes) => Buffer.concat([Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`), Buffer.from(bytes), Buffer.from("\nendstream")]);

/** `size` bytes that do not compress. */
function noise(size, seed) {
  const words = new Uint32Array(Math.ceil(size / 4));
  let x = (seed * 2654435761) >>> 0 || 1;
  for (let at = 0; at < words.length; at++) {
    x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0;
    words[at] = x;
  }
  return Buffer.from(words.buffer, 0, size);
}

/** A document of A4 pages with a picture of 200 KB and some lines each: 500 pages are 100 MB. */
export function picturesPdf(pages) {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, i) => `${4 + 3 * i} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"];
  for (let page = 1; page <= pages; page++) {
    const at = objects.length + 1;
    const lines = Array.from({ length: 20 }, (_, n) => `BT /T 11 Tf 60 ${380 - n * 15} Td (Line ${n + 1} of page ${page}, which says nothing but fills a measure of type) Tj ET`).join("\n");
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${at + 1} 0 R /Resources << /Font << /T 3 0 R >> /XObject << /P ${at + 2} 0 R >> >> >>`,
      stream("", `q 475 0 0 360 60 420 cm /P Do Q\n${lines}`),
      stream("/Type /XObject /Subtype /Image /Width 260 /Height 260 /ColorSpace /DeviceRGB /BitsPerComponent 8", noise(260 * 260 * 3, page)));
  }
  return pdfOf(objects);
}

/** A poster of A0 with a photograph of 35 megapixels, that is 150 dpi, and some thousand curves. */
export function posterPdf(folder) {
  const [width, height] = [4967, 7022];
  const photo = picture(folder, width, height);
  let curves = "";
  for (let n = 0; n < 4000; n++) {
    const [x, y] = [(n * 7919) % 2384, (n * 104729) % 3370];
    curves += `0.${n % 10} 0.${(n * 7) % 10} 0.4 RG ${x} ${y} m ${x + 60} ${y + 90} ${x + 120} ${y - 40} ${x + 200} ${y + 30} c S\n`;
  }
  const text = "BT /T 200 Tf 1 g 200 2800 Td (Harbour concert) Tj ET";
  return pdfOf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2384 3370] /Contents 4 0 R /Resources << /Font << /T 6 0 R >> /XObject << /P 5 0 R >> >> >>",
    stream("", `q 2384 0 0 3370 0 0 cm /P Do Q\n${curves}${text}`),
    stream(`/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`, photo),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"]);
}

/** Bytes of a noisy JPEG. */
export function picture(folder, width, height) {
  const path = join(folder, `${width}x${height}.jpg`);
  ffmpeg("-f", "lavfi", "-i", `testsrc2=s=${width}x${height}:r=1,noise=alls=12:all_seed=7`, "-frames:v", "1", "-pix_fmt", "yuvj420p", "-q:v", "4", path);
  return readFileSync(path);
}

/** Path of a minute of full HD: an MP4 that browsers play, or an AVI that has to be made anew. */
export function film(folder, name) {
  const path = join(folder, name);
  const codec = name.endsWith(".mp4")
    ? ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-c:a", "aac", "-movflags", "+faststart"]
    : ["-c:v", "mpeg4", "-b:v", "8M", "-c:a", "libmp3lame"];
  ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30000/1001:d=60", "-f", "lavfi", "-i", "sine=440:d=60", ...codec, "-pix_fmt", "yuv420p", path);
  return path;
}

const ffmpeg = (...args) => execFileSync("ffmpeg", ["-v", "error", "-y", ...args]);
