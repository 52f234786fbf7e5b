import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisOf, frameOn, placeOf } from '../src/viewer/compare/axis.ts';
import { differing, painted } from '../src/viewer/compare/pixels.ts';

const film = (frames: number, rate: [number, number] = [25, 1]) => ({ frames, rate });

test('without an offset both begin together, and the shorter one stays at its end', () => {
  const [older, newer] = [film(200), film(250)];
  const axis = axisOf(older, newer, 0);
  assert.deepEqual(axis, { older: 0, newer: 0, length: 10 });
  const place = placeOf(axis, 'newer', newer, 230);
  assert.equal(frameOn(axis, 'newer', newer, place), 230);
  assert.equal(frameOn(axis, 'older', older, place), 199);
});

test('an offset is kept at every frame, and before it begins the later one stays at its first', () => {
  for (const rate of [
    [25, 1],
    [30000, 1001],
    [24000, 1001],
    [60, 1],
  ] as [number, number][]) {
    const [older, newer] = [film(500, rate), film(500, rate)];
    for (const ahead of [-37, -1, 1, 120]) {
      const axis = axisOf(older, newer, (ahead * rate[1]) / rate[0]);
      for (let frame = 0; frame < 500; frame++) {
        const place = placeOf(axis, 'newer', newer, frame);
        assert.equal(frameOn(axis, 'newer', newer, place), frame);
        const other = Math.min(499, Math.max(0, frame + ahead));
        assert.equal(frameOn(axis, 'older', older, place), other, `${rate} ${ahead} ${frame}`);
      }
    }
  }
});

test('films of two rates show what is seen at the same time', () => {
  const [older, newer] = [film(250), film(300, [30, 1])];
  const axis = axisOf(older, newer, 0);
  assert.equal(frameOn(axis, 'older', older, placeOf(axis, 'newer', newer, 150)), 125);
});

/** A grey picture with rectangles of other greys. */
function picture(width: number, height: number, rects: [number, number, number, number, number][]) {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(120);
  for (const [x, y, w, h, grey] of rects)
    for (let v = y; v < y + h; v++) pixels.fill(grey, (v * width + x) * 4, (v * width + x + w) * 4);
  return pixels;
}

test('what differs is found, and nothing else', () => {
  const a = picture(64, 36, [[10, 10, 8, 6, 250]]);
  const b = picture(64, 36, []);
  const { mask, count } = differing(a, b, 64, 36);
  assert.equal(count, 48);
  assert.equal(mask[12 * 64 + 12], 1);
  assert.equal(differing(a, a, 64, 36).count, 0);
  const red = painted(mask, 64, '#e5192d');
  const at = (x: number, y: number) => [...red.subarray((y * 64 + x) * 4, (y * 64 + x) * 4 + 4)];
  assert.deepEqual(at(12, 12), [229, 25, 45, 255]);
  assert.deepEqual(at(30, 30), [0, 0, 0, 0]);
});

test('noise and edges that moved by a pixel are no difference', () => {
  const a = picture(64, 36, [[10, 10, 20, 12, 250]]);
  const moved = picture(64, 36, [[11, 10, 20, 12, 250]]);
  assert.equal(differing(a, moved, 64, 36).count, 0);
  const noise = new Uint8ClampedArray(a);
  for (let n = 0; n < noise.length; n++) noise[n] = Math.min(255, noise[n]! + (n % 7) * 3);
  assert.equal(differing(a, noise, 64, 36).count, 0);
  noise[4 * (5 * 64 + 5)] = 0;
  assert.equal(differing(a, noise, 64, 36).count, 0, 'a single pixel');
});
