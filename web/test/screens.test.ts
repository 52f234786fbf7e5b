import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clampSide, sameScreen, screenLabel, scrolled, stepsBack } from '../src/viewer/screens.ts';
import type { Markup, Screen } from '../src/shared/types.ts';

const screen: Screen = { width: 400, height: 800, path: 'a.html', left: 0, top: 200 };
const pin = (x: number, y: number): Markup => ({
  kind: 'pin',
  page: 1,
  points: [[x, y]],
  color: '#e5322d',
  width: 3,
  opacity: 1,
});

test('markups follow what is scrolled, and go when they leave', () => {
  const here = { left: 0, top: 200 };
  const markups = [pin(0.5, 0.5)];
  assert.equal(scrolled(markups, screen, here), markups);
  assert.deepEqual(scrolled(markups, screen, { left: 0, top: 400 })[0]?.points, [[0.5, 0.25]]);
  assert.deepEqual(scrolled(markups, screen, { left: 0, top: 1000 }), []);
});

test('a screen is its size and its page', () => {
  assert.ok(sameScreen(screen, { ...screen, path: 'a.html' }));
  assert.ok(!sameScreen(screen, { ...screen, path: 'b.html' }));
  assert.ok(!sameScreen(screen, { ...screen, width: 401 }));
  assert.equal(screenLabel(screen), '400 × 800 · a.html');
  assert.equal(screenLabel({ ...screen, path: '' }), '400 × 800');
  assert.equal(screenLabel({ ...screen, path: 'gr%C3%B6%C3%9Fe' }), '400 × 800 · größe');
  assert.equal(screenLabel({ ...screen, path: '100%' }), '400 × 800 · 100%');
});

test('sides are those of screens', () => {
  assert.deepEqual([3, 99.6, 390.4, 1e9, Number.NaN].map(clampSide), [100, 100, 390, 8192, 100]);
});

test('a step forgets what lay ahead', () => {
  assert.deepEqual(stepsBack(['', 'a', 'b'], 0, 'c'), [['', 'c'], 1]);
  const long = Array.from({ length: 100 }, (_, n) => String(n));
  const [visited, at] = stepsBack(long, 99, 'x');
  assert.deepEqual([visited.length, visited[0], visited[99], at], [100, '1', 'x', 99]);
});
