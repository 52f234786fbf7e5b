import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Markup, Point, Word } from '../src/shared/types.ts';
import {
  arrowHead,
  groupCentre,
  hits,
  lineRects,
  MAX_POINTS,
  moved,
  nearestWord,
  pathData,
  simplify,
  snap,
  textOf,
  thin,
} from '../src/viewer/engine/geometry.ts';

const size = { width: 800, height: 1000 };
const markup = (kind: Markup['kind'], points: Point[], page = 1): Markup => ({
  kind,
  page,
  points,
  color: '#e5322d',
  width: 4,
  opacity: 1,
});
const word = (t: string, x: number, y: number, l: number): Word => ({
  t,
  x,
  y,
  w: 0.1,
  h: 0.02,
  l,
});

test('the pin lies in the middle of a group, page by page', () => {
  const group = [
    markup('rectangle', [
      [0.1, 0.1],
      [0.3, 0.2],
    ]),
    markup('line', [
      [0.5, 0.6],
      [0.4, 0.4],
    ]),
    markup('pin', [[0.9, 0.9]], 2),
  ];
  assert.deepEqual(groupCentre(group, 1), [0.3, 0.35]);
  assert.deepEqual(groupCentre(group, 2), [0.9, 0.9]);
  assert.equal(groupCentre(group, 3), null);
});

test('a rectangle is hit on its outline only, a highlight everywhere', () => {
  const points: Point[] = [
    [0.5, 0.5],
    [0.25, 0.1],
  ];
  assert.ok(hits(markup('rectangle', points), [200, 300], size, 4));
  assert.ok(!hits(markup('rectangle', points), [300, 300], size, 4));
  assert.ok(hits(markup('highlight', points), [300, 300], size, 4));
  assert.ok(!hits(markup('highlight', points), [420, 300], size, 4));
});

test('lines are hit within the tolerance and half their width', () => {
  const line = markup('line', [
    [0, 0.5],
    [1, 0.5],
  ]);
  assert.ok(hits(line, [400, 506], size, 4));
  assert.ok(!hits(line, [400, 507], size, 4));
  assert.ok(!hits(markup('line', []), [0, 0], size, 4));
});

test('simplifying keeps the ends and the corners', () => {
  const points: Point[] = [];
  for (let i = 0; i <= 100; i++) points.push([i / 100, 0]);
  for (let i = 1; i <= 100; i++) points.push([1, i / 100]);
  assert.deepEqual(simplify(points, 0.001), [
    [0, 0],
    [1, 0],
    [1, 1],
  ]);
});

test('a scribble of any length fits the limit', () => {
  const points = Array.from({ length: 20_000 }, (_, i): Point => [
    i / 20_000,
    0.5 + 0.4 * Math.sin(i * 1.7),
  ]);
  const thinned = thin(points, 0.0001);
  assert.ok(thinned.length <= MAX_POINTS);
  assert.deepEqual(thinned[0], points[0]);
  assert.deepEqual(thinned.at(-1), points.at(-1));
});

test('Shift makes squares and eighths of a turn', () => {
  assert.deepEqual(snap('rectangle', [10, 10], [60, -20]), [60, -40]);
  const [x, y] = snap('arrow', [0, 0], [100, 8]);
  assert.ok(Math.abs(x - Math.hypot(100, 8)) < 1e-9 && Math.abs(y) < 1e-9);
});

test('a moved markup stays on the page and keeps its size', () => {
  const box = markup('rectangle', [
    [0.8, 0.1],
    [0.9, 0.3],
  ]);
  const there = moved(box, 0.5, -0.5).points;
  assert.ok(Math.abs(there[1]![0] - 1) < 1e-9);
  assert.ok(Math.abs(there[0]![1]) < 1e-9);
  assert.ok(Math.abs(there[1]![1] - there[0]![1] - 0.2) < 1e-9);
});

test('an arrow head never outgrows its shaft', () => {
  const [left] = arrowHead([0, 0], [4, 0], 20);
  assert.ok(left[0] >= -1e-9);
});

test('path data uses page px', () => {
  assert.equal(
    pathData(
      markup('line', [
        [0.5, 0.5],
        [1, 0],
      ]),
      size,
    ),
    'M400.00 500.00L800.00 0.00',
  );
  assert.equal(pathData(markup('pin', [[0.5, 0.5]]), size), '');
});

test('text is selected by line and read with its breaks', () => {
  const words = [
    word('Hello', 0.1, 0.1, 0),
    word('proof', 0.3, 0.1, 0),
    word('reader', 0.1, 0.14, 1),
  ];
  assert.equal(nearestWord(words, [0.9, 0.11], size), 1);
  assert.equal(nearestWord(words, [0.15, 0.15], size), 2);
  assert.equal(nearestWord([], [0, 0], size), -1);
  assert.equal(textOf(words), 'Hello proof\nreader');
  const rects = lineRects(words);
  assert.equal(rects.length, 2);
  assert.ok(Math.abs(rects[0]!.w - 0.3) < 1e-9);
});
