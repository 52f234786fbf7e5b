import type { Markup, Point, Screen } from '../shared/types.ts';

export interface Device {
  name: string;
  width: number;
  height: number;
}

/** Well-known screens, in CSS px. */
export const DEVICES: Device[] = [
  { name: 'Desktop', width: 1920, height: 1080 },
  { name: 'Laptop', width: 1440, height: 900 },
  { name: 'Small laptop', width: 1280, height: 800 },
  { name: 'Tablet, across', width: 1180, height: 820 },
  { name: 'Tablet', width: 820, height: 1180 },
  { name: 'Phone', width: 390, height: 844 },
  { name: 'Small phone', width: 360, height: 640 },
];

const MIN_SIDE = 100;
const MAX_SIDE = 8192;
/** Pages that one can go back over. */
const MAX_VISITED = 100;

/** A side of a screen as the server takes it. */
export function clampSide(side: number): number {
  return Math.min(MAX_SIDE, Math.max(MIN_SIDE, Math.round(side) || MIN_SIDE));
}

/** Whether two screens show the same page at the same size. */
export function sameScreen(
  a: Pick<Screen, 'width' | 'height' | 'path'>,
  b: Pick<Screen, 'width' | 'height' | 'path'>,
): boolean {
  return a.width === b.width && a.height === b.height && a.path === b.path;
}

/** A screen in words, with its page as people read it. */
export function screenLabel(screen: Screen): string {
  const size = `${screen.width} × ${screen.height}`;
  if (screen.path === '') return size;
  let page = screen.path;
  try {
    page = decodeURI(page);
  } catch {
    // As it is.
  }
  return `${size} · ${page}`;
}

/** A step to another page: what lay ahead is forgotten. */
export function stepsBack(visited: string[], at: number, path: string): [string[], number] {
  const kept = [...visited.slice(0, at + 1), path].slice(-MAX_VISITED);
  return [kept, kept.length - 1];
}

/** Markups where they are now that the page was scrolled since. */
export function scrolled(
  markups: Markup[],
  screen: Screen,
  now: { left: number; top: number },
): Markup[] {
  const dx = (screen.left - now.left) / screen.width;
  const dy = (screen.top - now.top) / screen.height;
  if (dx === 0 && dy === 0) return markups;
  const move = ([x, y]: Point): Point => [x + dx, y + dy];
  return markups
    .map((markup) => ({ ...markup, points: markup.points.map(move) }))
    .filter(({ points }) => points.some(([x, y]) => x >= 0 && x <= 1 && y >= 0 && y <= 1));
}
