import type { Markup, MarkupKind, Point, Rect, Word } from '../../shared/types.ts';

/** Width and height of a page in CSS px at 100 %. */
export interface Size {
  width: number;
  height: number;
}

/** An axis-parallel box; all values in the unit of the points it came from. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const MAX_POINTS = 2000;

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function clampPoint([x, y]: Point): Point {
  return [clamp(x, 0, 1), clamp(y, 0, 1)];
}

/** The smallest box around the points, or null when there are none. */
export function boxOf(points: readonly Point[]): Box | null {
  if (points.length === 0) return null;
  const box: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/** Middle of all markups that lie on the page, or null when none does. Normalised page coordinates. */
export function groupCentre(markups: readonly Markup[], page: number): Point | null {
  const box = boxOf(markups.filter((m) => m.page === page).flatMap((m) => m.points));
  return box && [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : clamp(((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2, 0, 1);
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

function distanceToPath(p: Point, path: readonly Point[]): number {
  let best = Infinity;
  for (let i = 0; i + 1 < path.length; i++) {
    best = Math.min(best, distanceToSegment(p, path[i]!, path[i + 1]!));
  }
  return best;
}

/** Points in page px, for drawing and measuring. */
export function toPx(points: readonly Point[], size: Size): Point[] {
  return points.map(([x, y]) => [x * size.width, y * size.height]);
}

/** The four corners, closed, of the rectangle spanned by two opposite corners. */
function corners(points: readonly Point[]): Point[] {
  const box = boxOf(points);
  if (!box) return [];
  const { left, top, right, bottom } = box;
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
}

/**
 * Whether a tap at `p` (page px) touches the markup. `tolerance` (page px) widens its lines.
 * Outlines count, insides do not, except for highlights, which are filled.
 */
export function hits(markup: Markup, p: Point, size: Size, tolerance: number): boolean {
  const points = toPx(markup.points, size);
  const reach = tolerance + markup.width / 2;
  if (markup.kind === 'pin') {
    const at = points[0];
    return at !== undefined && Math.hypot(p[0] - at[0], p[1] - at[1]) <= tolerance * 2;
  }
  if (markup.kind === 'highlight') {
    const box = boxOf(points);
    return (
      box !== null &&
      p[0] >= box.left - tolerance &&
      p[0] <= box.right + tolerance &&
      p[1] >= box.top - tolerance &&
      p[1] <= box.bottom + tolerance
    );
  }
  return distanceToPath(p, markup.kind === 'rectangle' ? corners(points) : points) <= reach;
}

/** The two barb ends of an arrow's head, in the unit of the points. */
export function arrowHead(tail: Point, head: Point, width: number): [Point, Point] {
  const length = Math.hypot(head[0] - tail[0], head[1] - tail[1]);
  const size = Math.min(Math.max(10, width * 3.2), Math.max(length, 1));
  const angle = Math.atan2(head[1] - tail[1], head[0] - tail[0]);
  const barb = (turn: number): Point => [
    head[0] - size * Math.cos(angle + turn),
    head[1] - size * Math.sin(angle + turn),
  ];
  return [barb(0.5), barb(-0.5)];
}

const at = ([x, y]: Point) => `${x.toFixed(2)} ${y.toFixed(2)}`;

/** SVG path data of a markup in page px. Pins have none. */
export function pathData(markup: Markup, size: Size): string {
  const points = toPx(markup.points, size);
  const [first, second] = points;
  if (!first || markup.kind === 'pin') return '';
  switch (markup.kind) {
    case 'rectangle':
    case 'highlight':
      return `M${corners(points).slice(0, 4).map(at).join('L')}Z`;
    case 'arrow': {
      if (!second) return '';
      const [left, right] = arrowHead(first, second, markup.width);
      return `M${at(first)}L${at(second)}M${at(left)}L${at(second)}L${at(right)}`;
    }
    case 'line':
      return second ? `M${at(first)}L${at(second)}` : '';
    case 'freehand':
      return smooth(points);
  }
}

/** A path through the middles of the segments, so that a hand-drawn line has no corners. */
function smooth(points: readonly Point[]): string {
  const first = points[0]!;
  if (points.length < 3) return `M${points.map(at).join('L')}`;
  let data = `M${at(first)}`;
  for (let i = 1; i + 1 < points.length; i++) {
    const a = points[i]!;
    const b = points[i + 1]!;
    data += `Q${at(a)} ${at([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2])}`;
  }
  return `${data}L${at(points.at(-1)!)}`;
}

/** Ramer–Douglas–Peucker without recursion: drops points nearer than `epsilon` to the line they lie on. */
export function simplify(points: readonly Point[], epsilon: number): Point[] {
  if (points.length < 3) return [...points];
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const todo: [number, number][] = [[0, points.length - 1]];
  for (let span = todo.pop(); span; span = todo.pop()) {
    const [from, to] = span;
    let worst = 0;
    let index = -1;
    for (let i = from + 1; i < to; i++) {
      const d = distanceToSegment(points[i]!, points[from]!, points[to]!);
      if (d > worst) [worst, index] = [d, i];
    }
    if (worst > epsilon) {
      keep[index] = 1;
      todo.push([from, index], [index, to]);
    }
  }
  return points.filter((_, i) => keep[i] === 1);
}

/** A freehand line of at most {@link MAX_POINTS} points; `epsilon` is the first tolerance tried. */
export function thin(points: readonly Point[], epsilon: number): Point[] {
  let result = simplify(points, epsilon);
  for (let e = epsilon * 2; result.length > MAX_POINTS; e *= 2) result = simplify(points, e);
  return result;
}

/** With Shift: lines snap to 45°, boxes become squares. Points in page px. */
export function snap(kind: MarkupKind, from: Point, to: Point): Point {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  if (kind === 'rectangle' || kind === 'highlight') {
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    return [from[0] + Math.sign(dx || 1) * side, from[1] + Math.sign(dy || 1) * side];
  }
  const angle = Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * (Math.PI / 4);
  const length = Math.hypot(dx, dy);
  return [from[0] + length * Math.cos(angle), from[1] + length * Math.sin(angle)];
}

/** Moves a markup by a normalised offset, as far as the page allows. */
export function moved(markup: Markup, dx: number, dy: number): Markup {
  const box = boxOf(markup.points);
  if (!box) return markup;
  const x = clamp(dx, -box.left, 1 - box.right);
  const y = clamp(dy, -box.top, 1 - box.bottom);
  return { ...markup, points: markup.points.map(([px, py]) => [px + x, py + y]) };
}

/** Index of the word nearest to a normalised point, or -1. Distance is measured in page px. */
export function nearestWord(words: readonly Word[], p: Point, size: Size): number {
  let best = -1;
  let least = Infinity;
  words.forEach((word, i) => {
    const dx = Math.max(word.x - p[0], 0, p[0] - word.x - word.w) * size.width;
    // Lines matter more than columns: a drag beside a line means that line.
    const dy = Math.max(word.y - p[1], 0, p[1] - word.y - word.h) * size.height * 3;
    const d = Math.hypot(dx, dy);
    if (d < least) [least, best] = [d, i];
  });
  return best;
}

/** One rectangle per line for a run of words. */
export function lineRects(words: readonly Word[]): Rect[] {
  const lines = new Map<number, Point[]>();
  for (const word of words) {
    const points = lines.get(word.l) ?? [];
    points.push([word.x, word.y], [word.x + word.w, word.y + word.h]);
    lines.set(word.l, points);
  }
  return [...lines.values()].map((points) => {
    const box = boxOf(points)!;
    return { x: box.left, y: box.top, w: box.right - box.left, h: box.bottom - box.top };
  });
}

/** The words as running text, one line of the page per line. */
export function textOf(words: readonly Word[]): string {
  let text = '';
  words.forEach((word, i) => {
    const before = words[i - 1];
    text += (before ? (before.l === word.l ? ' ' : '\n') : '') + word.t;
  });
  return text;
}
