// A PDF of any number of pages, written by hand: text in two fonts, rules, and a drawing that differs per page.
import { pdfOf, streamOf } from "../lib/pdf.mjs";

const words = ("the proof of a page is in the reading and a good margin is worth a chapter when type is set with care " +
  "nobody sees it and when it is not everybody does so measure twice print once and keep the ink away from the fold").split(" ");

/** Bytes of an A4 document with `pages` pages. */
export function makePdf(pages) {
  const objects = []; // bodies by number - 1
  objects.push("<< /Type /Catalog /Pages 2 0 R >>");
  objects.push(`<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, i) => `${5 + 2 * i} 0 R`).join(" ")}] >>`);
  objects.push("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>");
  for (let page = 1; page <= pages; page++) {
    const content = drawPage(page, pages);
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${objects.length + 2} 0 R /Resources << /Font << /B 3 0 R /T 4 0 R >> >> >>`);
    objects.push(streamOf(content));
  }
  return Buffer.from(pdfOf(objects), "latin1");
}

function drawPage(page, pages) {
  let next = page * 7919;
  const random = (below) => (next = (next * 48271) % 2147483647) % below;
  let out = `BT /B 22 Tf 60 770 Td (Chapter ${page}) Tj ET\n0.8 w 60 758 m 535 758 l S\n`;
  for (let line = 0; line < 38; line++) {
    const text = Array.from({ length: 13 }, () => words[random(words.length)]).join(" ");
    out += `BT /T 11 Tf 60 ${730 - line * 14.5} Td (${text}) Tj ET\n`;
  }
  for (let bar = 0; bar < 12; bar++) {
    out += `${(0.1 + bar / 20).toFixed(2)} 0.${4 + (page % 5)} 0.55 rg ${60 + bar * 40} 60 30 ${20 + random(80)} re f\n`;
  }
  return `${out}BT /T 9 Tf 280 30 Td (${page} of ${pages}) Tj ET`;
}
