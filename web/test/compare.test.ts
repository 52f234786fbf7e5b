import assert from 'node:assert/strict';
import { test } from 'node:test';
import { across, same, whereabouts } from '../src/viewer/compare/mapping.ts';

const front = { x: 0, y: 0, w: 1, h: 1 };

test('pages of one size show the same', () => {
  const view = { x: 0.3, y: 0.7, scale: 1.5 };
  assert.deepEqual(across(view, { width: 794, sheet: front }, { width: 794, sheet: front }), view);
});

test('a page of another size shows the same part of the sheet, and back again', () => {
  // A4 with bleed on which the trimmed page lies in the middle.
  const trimmed = { width: 794, sheet: { x: -0.014, y: -0.01, w: 1.028, h: 1.02 } };
  const bled = { width: 816, sheet: front };
  const view = { x: 0.5, y: 0.5, scale: 1 };
  const there = across(view, trimmed, bled);
  assert.ok(
    Math.abs(there.x - 0.5) < 1e-9 && Math.abs(there.scale - 1) < 0.001,
    JSON.stringify(there),
  );
  const back = across(there, bled, trimmed);
  assert.ok(same(view, back, 794), JSON.stringify(back));
});

test('half a picture is shown twice as large', () => {
  const to = across(
    { x: 0.25, y: 0.25, scale: 0.5 },
    { width: 3000, sheet: front },
    { width: 1500, sheet: front },
  );
  assert.deepEqual(to, { x: 0.25, y: 0.25, scale: 1 });
});

test('places have names', () => {
  const at = (x: number, y: number, w: number, h: number) => whereabouts({ x, y, w, h });
  assert.equal(at(0, 0, 0.1, 0.1), 'top left');
  assert.equal(at(0.45, 0.45, 0.1, 0.1), 'middle centre');
  assert.equal(at(0.9, 0.9, 0.3, 0.3), 'bottom right');
  assert.equal(at(0.05, 0.4, 0.9, 0.1), 'middle, full width');
  assert.equal(at(0, 0, 1, 1), 'whole page');
});
