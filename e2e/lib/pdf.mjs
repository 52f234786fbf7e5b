// PDFs made on the spot.

/** A PDF of objects, the first of which is the catalog; text in them is Latin 1. */
export function pdfOf(objects, version = "1.4") {
  let text = `%PDF-${version}\n`;
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  return `${text}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
}

export const streamOf = (content) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
