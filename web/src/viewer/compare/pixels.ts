/** How far a colour may be from another and still be the same: what is lost when films are compressed stays below. */
const LIMIT = 30;
/** So many of nine pixels have to differ for sure; fewer are noise. */
const ENOUGH = 3;

type Pixels = Uint8ClampedArray;

function far(a: Pixels, at: number, b: Pixels, to: number): boolean {
  return (
    Math.abs(a[at]! - b[to]!) > LIMIT ||
    Math.abs(a[at + 1]! - b[to + 1]!) > LIMIT ||
    Math.abs(a[at + 2]! - b[to + 2]!) > LIMIT
  );
}

/** Calls back with each pixel of the nine around one; ends early with what is answered first but false. */
function around(
  n: number,
  width: number,
  height: number,
  each: (m: number) => boolean | void,
): boolean {
  const [x, y] = [n % width, Math.floor(n / width)];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
      if (each(v * width + u)) return true;
  return false;
}

/**
 * Which pixels of two pictures differ: 1 where they do, and how many do. Both are RGBA of this width and height.
 *
 * A pixel differs for sure when neither picture has its colour within a pixel, so that edges which were drawn anew, or
 * at another size, do not count. What differs at all and hangs together with such a place belongs to it.
 */
export function differing(
  a: Pixels,
  b: Pixels,
  width: number,
  height: number,
): { mask: Uint8Array; count: number } {
  const size = width * height;
  const differs = new Uint8Array(size);
  const sure = new Uint8Array(size);
  for (let n = 0; n < size; n++) {
    if (!far(a, n * 4, b, n * 4)) continue;
    differs[n] = 1;
    const elsewhere = (m: number) => !far(a, n * 4, b, m * 4) || !far(b, n * 4, a, m * 4);
    if (!around(n, width, height, elsewhere)) sure[n] = 1;
  }
  const mask = new Uint8Array(size);
  const open: number[] = [];
  for (let n = 0; n < size; n++) {
    if (!sure[n]) continue;
    let count = 0;
    if (around(n, width, height, (m) => (count += sure[m]!) >= ENOUGH)) open.push(n);
  }
  let count = 0;
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    if (mask[n]) continue;
    mask[n] = 1;
    count += 1;
    around(n, width, height, (m) => {
      if (differs[m] && !mask[m]) open.push(m);
    });
  }
  return { mask, count };
}

/**
 * A picture in one colour (`#rrggbb`) where the mask is set or a pixel away, so that little things are seen, and clear
 * elsewhere.
 */
export function painted(
  mask: Uint8Array,
  width: number,
  color: string,
): Uint8ClampedArray<ArrayBuffer> {
  const channel = (at: number) => parseInt(color.slice(at, at + 2), 16) || 0;
  const [r, g, b] = [channel(1), channel(3), channel(5)];
  const pixels = new Uint8ClampedArray(mask.length * 4);
  const height = mask.length / width;
  const paint = (n: number) => {
    pixels[n * 4] = r;
    pixels[n * 4 + 1] = g;
    pixels[n * 4 + 2] = b;
    pixels[n * 4 + 3] = 255;
  };
  for (let n = 0; n < mask.length; n++) if (mask[n]) around(n, width, height, paint);
  return pixels;
}
