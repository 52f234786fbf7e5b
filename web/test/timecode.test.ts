import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameAt, label, middleOf, nearestFrame, timecode } from '../src/viewer/engine/timecode.ts';

const of = (rate: [number, number], first_frame = 0, drop_frame = false, picture = true) => ({
  rate,
  first_frame,
  drop_frame,
  picture,
});
const NTSC: [number, number] = [30000, 1001];

test('frames have the names that the server gives them', () => {
  assert.equal(timecode(of([24, 1]), 24), '00:00:01:00');
  assert.equal(timecode(of([25, 1], 10 * 3600 * 25), 7), '10:00:00:07');
  assert.equal(timecode(of(NTSC, 0, true), 1799), '00:00:59;29');
  assert.equal(timecode(of(NTSC, 0, true), 1800), '00:01:00;02');
  assert.equal(timecode(of(NTSC, 0, true), 17_982), '00:10:00;00');
  assert.equal(timecode(of(NTSC), 1800), '00:01:00:00');
  assert.equal(timecode(of([60000, 1001], 0, true), 3600), '00:01:00;04');
  assert.equal(timecode(of([1000, 1], 0, false, false), 5250), '00:00:05.250');
});

test('the middle of a frame is in that frame', () => {
  for (const rate of [[24000, 1001], [25, 1], NTSC, [60000, 1001], [120, 1]] as [number, number][])
    for (const frame of [0, 1, 17, 1799, 1800, 107_892, 999_999]) {
      const recording = of(rate);
      assert.equal(frameAt(recording, middleOf(recording, frame)), frame);
      assert.equal(nearestFrame(recording, (frame * rate[1]) / rate[0]), frame);
    }
});

test('times are read in the unit one chose', () => {
  const film = of([25, 1], 90_000);
  assert.equal(label(film, 80, 'time'), '0:03.2');
  assert.equal(label(film, 80, 'frames'), '80');
  assert.equal(label(film, 80, 'timecode'), '01:00:03:05');
  assert.equal(label(film, 25 * 3661, 'time'), '1:01:01.0');
  assert.equal(label(of([1000, 1], 0, false, false), 61_500, 'frames'), '1:01.5');
});
