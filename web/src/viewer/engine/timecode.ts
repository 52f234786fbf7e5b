import type { Recording } from '../../shared/types.ts';

/** Frames, seconds and timecodes; the same rule as the server's. A frame of sound is a millisecond. */

export type Unit = 'timecode' | 'time' | 'frames';

type Rated = Pick<Recording, 'rate' | 'first_frame' | 'drop_frame' | 'picture'>;

/** Frames that a timecode counts in a second: 30 for 29.97. */
export function nominal({ rate: [frames, seconds] }: Rated): number {
  return Math.max(1, Math.floor((frames + Math.floor(seconds / 2)) / seconds));
}

/** Seconds from the first frame to the middle of this one, where a player shows it and no other. */
export function middleOf({ rate: [frames, seconds] }: Rated, frame: number): number {
  return ((frame + 0.5) * seconds) / frames;
}

/** The frame that begins nearest to so many seconds after the first. */
export function nearestFrame({ rate: [frames, seconds] }: Rated, time: number): number {
  return Math.max(0, Math.round((time * frames) / seconds));
}

/** The frame that is seen so many seconds after the first began. */
export function frameAt({ rate: [frames, seconds] }: Rated, time: number): number {
  // Players round times to microseconds.
  return Math.max(0, Math.floor((time * frames) / seconds + 0.001));
}

const two = (value: number) => String(value).padStart(2, '0');

/** `01:00:05:03`, with a semicolon before the frame where numbers are dropped; for sound `00:00:05.250`. */
export function timecode(recording: Rated, frame: number): string {
  const per = nominal(recording);
  let count = recording.first_frame + frame;
  if (recording.drop_frame) {
    const dropped = per / 15;
    const inTen = per * 600 - 9 * dropped;
    const tens = Math.floor(count / inTen);
    const minutes = Math.floor(Math.max(0, (count % inTen) - dropped) / (per * 60 - dropped));
    count += dropped * (tens * 9 + minutes);
  }
  const seconds = Math.floor(count / per);
  const rest = count % per;
  const mark = !recording.picture ? '.' : recording.drop_frame ? ';' : ':';
  const digits = !recording.picture || per > 100 ? 3 : 2;
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `${clock.map(two).join(':')}${mark}${String(rest).padStart(digits, '0')}`;
}

/** A frame in the unit that the person chose. */
export function label(recording: Rated, frame: number, unit: Unit): string {
  if (unit === 'frames' && recording.picture) return String(frame);
  if (unit === 'timecode') return timecode(recording, frame);
  const [frames, per] = recording.rate;
  const tenths = Math.floor((frame * per * 10) / frames);
  const seconds = Math.floor(tenths / 10);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const clock = `${hours > 0 ? two(minutes) : minutes}:${two(seconds % 60)}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${clock}` : clock;
}
