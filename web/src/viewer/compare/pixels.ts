/** How far a colour may be from another and still be the same: what is lost when films are compressed stays below. */
const LIMIT = 30;
/** So many of nine pixels have to differ; fewer are edges that were drawn anew, or noise. */
const ENOUGH = 5;

/** Which pixels of two pictures differ: 1 where they do, and how many do. Both are RGBA of this width and height. */
export function differing(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  width: number,
  height: number,
): { mask: Uint8Array; count: number } {
  const size = width * height;
  const raw = new Uint8Array(size);
  for (let n = 0, at = 0; n < size; n++, at += 4) {
    if (
      Math.abs(a[at]! - b[at]!) > LIMIT ||
      Math.abs(a[at + 1]! - b[at + 1]!) > LIMIT ||
      Math.abs(a[at + 2]! - b[at + 2]!) > LIMIT
    )
      raw[n] = 1;
  }
  // Sums along rows, then along columns.
  const rows = new Uint8Array(size);
  for (let y = 0; y < height; y++) {
    for (let x = 0, n = y * width; x < width; x++, n++)
      rows[n] = raw[n]! + (x > 0 ? raw[n - 1]! : 0) + (x < width - 1 ? raw[n + 1]! : 0);
  }
  const mask = new Uint8Array(size);
  let count = 0;
  for (let n = 0; n < size; n++) {
    if (!raw[n]) continue;
    const around = rows[n]! + (rows[n - width] ?? 0) + (rows[n + width] ?? 0);
    if (around >= ENOUGH) {
      mask[n] = 1;
      count += 1;
    }
  }
  return { mask, count };
}

/** A picture in one colour (`#rrggbb`) where the mask is set, and clear elsewhere. */
export function painted(mask: Uint8Array, color: string): Uint8ClampedArray<ArrayBuffer> {
  const channel = (at: number) => parseInt(color.slice(at, at + 2), 16) || 0;
  const [r, g, b] = [channel(1), channel(3), channel(5)];
  const pixels = new Uint8ClampedArray(mask.length * 4);
  for (let n = 0, at = 0; n < mask.length; n++, at += 4) {
    if (!mask[n]) continue;
    pixels[at] = r;
    pixels[at + 1] = g;
    pixels[at + 2] = b;
    pixels[at + 3] = 255;
  }
  return pixels;
}
