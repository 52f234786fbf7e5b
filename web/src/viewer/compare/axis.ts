import { frameAt, middleOf } from '../engine/timecode.ts';
import type { Recording } from '../../shared/types.ts';

type Timed = Pick<Recording, 'rate' | 'frames'>;

/** Two recordings on one axis of time, which begins with the first frame of whichever begins first. */
export interface Axis {
  /** Seconds before each begins. */
  older: number;
  newer: number;
  /** Seconds until both are over. */
  length: number;
}

/** Seconds that a recording takes. */
export function lengthOf({ rate: [frames, seconds], frames: count }: Timed): number {
  return (count * seconds) / frames;
}

/** Frames in a second. */
export function perSecond({ rate: [frames, seconds] }: Timed): number {
  return frames / seconds;
}

/** The axis of two recordings of which the older one is so many seconds further on than the newer one. */
export function axisOf(older: Timed, newer: Timed, offset: number): Axis {
  const delay = { older: Math.max(0, -offset), newer: Math.max(0, offset) };
  const ends = [delay.older + lengthOf(older), delay.newer + lengthOf(newer)];
  return { ...delay, length: Math.max(...ends) };
}

/** The frame that is seen at a place of the axis: the first one before it begins, the last one when it is over. */
export function frameOn(
  axis: Axis,
  side: 'older' | 'newer',
  recording: Timed,
  time: number,
): number {
  const frame = frameAt(recording as Recording, time - axis[side]);
  return Math.min(frame, Math.max(0, recording.frames - 1));
}

/** The place on the axis of the middle of a frame, whether it is in the recording or not. */
export function placeOf(
  axis: Axis,
  side: 'older' | 'newer',
  recording: Timed,
  frame: number,
): number {
  return axis[side] + middleOf(recording as Recording, frame);
}
