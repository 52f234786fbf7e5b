import type { Playback, Recording } from '../../shared/types.ts';
import { frameAt, middleOf } from '../engine/timecode.ts';
import type { Player, Preferences, Transport } from '../player.svelte.ts';
import { type Axis, axisOf, frameOn, lengthOf, perSecond, placeOf } from './axis.ts';
import { opposite, type Side, SIDES } from './changes.ts';

/** Seconds apart from which on catching up is a jump. */
const FAR = 0.3;
/** How much faster or slower the one that follows plays until it has caught up. */
const HASTE = 0.08;
const STATES: Playback['state'][] = ['failed', 'waiting', 'growing', 'whole'];

/**
 * Two recordings that play together: at the same time, or so much apart as they were when they were linked. Unlinked,
 * everything is done to the one that was touched last.
 */
export class Duo implements Transport {
  readonly preferences: Preferences;
  /** Seconds that the older one is further on than the newer one. */
  offset = $state(0);
  linked = $state(true);
  lead = $state<Side>('newer');
  /** The one that is heard, unless the sound is off. */
  heard = $state<Side>('newer');
  speed = $state(1);
  #playing = $state(false);
  #place = $state(0);
  /** Those that have played to their end. */
  #over: Record<Side, boolean> = { older: false, newer: false };
  #tick: number | null = null;

  constructor(readonly players: Record<Side, Player>) {
    this.preferences = players.newer.preferences;
    for (const side of SIDES) {
      players[side].led = true;
      players[side].pause();
      players[side].media.addEventListener('ended', () => (this.#over[side] = true));
    }
    this.hear(players.newer.recording.sound ? 'newer' : 'older');
  }

  /** Frames are counted by the recording that has more of them. */
  readonly clock: Side = $derived.by(() => {
    const { older, newer } = this.players;
    return perSecond(older.recording) > perSecond(newer.recording) ? 'older' : 'newer';
  });
  readonly axis: Axis = $derived.by(() => {
    const { older, newer } = this.players;
    return axisOf(older.recording, newer.recording, this.offset);
  });
  readonly recording: Recording = $derived.by(() => {
    const { older, newer } = this.players;
    const counts = this.players[this.linked ? this.clock : this.lead].recording;
    const sound = older.recording.sound || newer.recording.sound;
    if (!this.linked) return { ...counts, sound };
    const [frames, begins] = [this.axis.length, this.axis[this.clock]].map((time) =>
      Math.round(time * perSecond(counts)),
    ) as [number, number];
    return { ...counts, sound, frames, first_frame: Math.max(0, counts.first_frame - begins) };
  });

  get last(): number {
    return Math.max(0, this.recording.frames - 1);
  }

  get frame(): number {
    if (!this.linked) return this.players[this.lead].frame;
    return Math.min(this.last, frameAt(this.recording, this.#place));
  }

  get playing(): boolean {
    return this.linked ? this.#playing : this.players[this.lead].playing;
  }

  get stalled(): boolean {
    return SIDES.some((side) => this.players[side].stalled);
  }

  /** The side whose state counts: the one that is less far, or that which moves alone. */
  get #judged(): Side {
    if (!this.linked) return this.lead;
    const far = (side: Side) => STATES.indexOf(this.players[side].state);
    return far('older') < far('newer') ? 'older' : 'newer';
  }

  get state(): Playback['state'] {
    return this.players[this.#judged].state;
  }

  get problem(): string | null {
    const { problem } = this.players[this.#judged];
    return problem && `${this.#judged === 'newer' ? 'Newer' : 'Older'} version: ${problem}`;
  }

  get status(): string | null {
    if (!this.linked) return this.players[this.lead].status;
    if (this.state !== 'growing' && this.state !== 'waiting') return null;
    const { percent } = this.players[this.#judged];
    const done = percent === null ? '' : `, ${percent} % done`;
    return `Being prepared for playing together${done}. It starts to work here by itself.`;
  }

  /** Only whole files can be kept at the same place. */
  get playable(): boolean {
    return this.linked ? this.state === 'whole' : this.players[this.lead].playable;
  }

  get seekable(): boolean {
    return this.state === 'whole';
  }

  /** Both can be anywhere. */
  get whole(): boolean {
    return SIDES.every((side) => this.players[side].seekable);
  }

  /** Both are apart from where they began. */
  get shifted(): boolean {
    return Math.abs(this.offset) > 0.0005;
  }

  /** What a track shows so that both are on the same axis, in frames of that side. */
  ends(side: Side): { from: number; to: number } {
    const rate = perSecond(this.players[side].recording);
    const from = -this.axis[side] * rate;
    return { from, to: Math.max(from + this.axis.length * rate - 1, from + 1) };
  }

  /** Begins at the frame where one of them was before. */
  startAt(side: Side, frame: number): void {
    const { axis, players } = this;
    const time = placeOf(axis, side, players[side].recording, frame);
    for (const each of SIDES) {
      const player = players[each];
      // What is not open yet goes there when it is.
      if (player.seekable) player.seek(frameOn(axis, each, player.recording, time));
      else player.frame = frameOn(axis, each, player.recording, time);
    }
    this.#place = time;
  }

  destroy(): void {
    this.#stop();
    for (const side of SIDES) this.players[side].destroy();
  }

  hear(side: Side): void {
    this.heard = side;
    for (const each of SIDES) this.players[each].silent = each !== side;
  }

  /** The one that is touched is what the buttons are about while both are apart. */
  setLead(side: Side): void {
    if (side === this.lead) return;
    if (!this.linked) this.players[this.lead].pause();
    this.lead = side;
  }

  unlink(): void {
    this.pause();
    this.linked = false;
  }

  /** Goes on together from where both stand. */
  link(): void {
    const { older, newer } = this.players;
    for (const side of SIDES) this.players[side].pause();
    this.offset = middleOf(older.recording, older.frame) - middleOf(newer.recording, newer.frame);
    this.linked = true;
    this.#go(placeOf(this.axis, 'newer', newer.recording, newer.frame));
  }

  /** Puts the beginnings of both together again. */
  reset(): void {
    const side = this.lead;
    const player = this.players[side];
    this.pause();
    this.offset = 0;
    this.linked = true;
    this.#go(placeOf(this.axis, side, player.recording, player.frame));
  }

  /** Goes to a place of the axis. Playing goes on if it was. */
  #go(place: number): void {
    const { axis, players } = this;
    const time = Math.min(Math.max(0, place), axis.length);
    this.#place = time;
    this.#over = { older: false, newer: false };
    for (const side of SIDES) {
      const player = players[side];
      const { media, recording } = player;
      if (time < axis[side] && !media.paused) media.pause();
      const frame = frameOn(axis, side, recording, time);
      // The shorter one stays where it is: decoding its last frame again and again would hold up the other.
      const there = recording.starts_seconds + middleOf(recording, frame);
      if (player.frame !== frame || Math.abs(media.currentTime - there) > 1e-4) player.seek(frame);
    }
  }

  play(): void {
    if (!this.playable) return;
    if (this.frame >= this.last) this.#go(0);
    this.#playing = true;
    this.#step();
  }

  pause(): void {
    if (!this.linked) {
      this.players[this.lead].pause();
      return;
    }
    const was = this.#playing;
    this.#stop();
    for (const side of SIDES) this.players[side].pause();
    if (!was || !this.seekable) return;
    // Both stand on the frames that belong together, whatever each was showing last.
    const side = this.#driver() ?? this.heard;
    const { recording, frame } = this.players[side];
    if (!this.#over[side] && this.#place >= this.axis[side])
      this.#go(placeOf(this.axis, side, recording, frame));
    else this.#go(this.#place);
  }

  toggle(): void {
    if (!this.linked) this.players[this.lead].toggle();
    else if (this.#playing) this.pause();
    else this.play();
  }

  seek(frame: number): void {
    const player = this.players[this.lead];
    if (!this.linked) player.seek(frame);
    else if (this.seekable) {
      const to = Math.min(Math.max(0, Math.round(frame)), this.last);
      this.#go(middleOf(this.recording, to));
    }
  }

  /** Goes to a frame of one of them, which may lie before its first or after its last. */
  seekOn(side: Side, frame: number): void {
    this.setLead(side);
    const player = this.players[side];
    if (!this.linked) player.seek(frame);
    else if (this.seekable) this.#go(placeOf(this.axis, side, player.recording, Math.round(frame)));
  }

  step(frames: number): void {
    this.pause();
    this.seek(this.frame + frames * (this.recording.picture ? 1 : 10));
  }

  jump(seconds: number): void {
    this.seek(this.frame + seconds * perSecond(this.recording));
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    for (const side of SIDES) this.players[side].setSpeed(speed);
  }

  retry(): void {
    for (const side of SIDES) if (this.players[side].state === 'failed') this.players[side].retry();
  }

  /** The one whose time is that of both: rather the one that is heard, so that its sound is never hurried. */
  #driver(): Side | null {
    const drives = (side: Side) =>
      !this.#over[side] && this.#place >= this.axis[side] && !this.players[side].media.seeking;
    const { heard } = this;
    return drives(heard) ? heard : drives(opposite(heard)) ? opposite(heard) : null;
  }

  #stop(): void {
    if (this.#tick !== null) cancelAnimationFrame(this.#tick);
    this.#tick = null;
    this.#playing = false;
    for (const side of SIDES) this.#pace(side, 1);
  }

  #pace(side: Side, factor: number): void {
    const { media } = this.players[side];
    const rate = this.speed * factor;
    if (media.playbackRate !== rate) media.playbackRate = rate;
  }

  /** Looks at each frame of the screen whether both are where they belong. */
  #step(): void {
    if (!this.#playing) return;
    this.#tick = requestAnimationFrame(() => this.#step());
    const { axis, players } = this;
    const driver = this.#driver();
    if (driver && !players[driver].media.paused) {
      const time = axis[driver] + players[driver].time;
      this.#place = Math.min(Math.max(axis[driver], time), axis.length);
    }
    const left = SIDES.filter((side) => !this.#over[side]);
    if (left.length === 0) {
      this.#ended();
      return;
    }
    // One that ended a little early leaves a gap before the other.
    if (left.every((side) => this.#place < axis[side]))
      this.#place = Math.min(...left.map((side) => axis[side]));
    const on = left.filter((side) => this.#place >= axis[side]);
    const starves = ({ readyState }: HTMLMediaElement) =>
      readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    const waits = on.some((side) => starves(players[side].media));
    for (const side of on) {
      const { media, recording, time } = players[side];
      const late = this.#place - axis[side] - time;
      if (media.paused) {
        // Its turn has come. Refused without a gesture, or called off by a pause: the button shows which.
        media.play().catch(() => this.#refused(side));
      } else if (waits) this.#pace(side, starves(media) ? 1 : 0);
      else if (side === driver || media.seeking) this.#pace(side, 1);
      else if (Math.abs(late) > FAR) media.currentTime += late;
      else if (Math.abs(late) > lengthOf({ ...recording, frames: 1 }) / 4)
        this.#pace(side, late > 0 ? 1 + HASTE : 1 - HASTE);
      else this.#pace(side, 1);
    }
  }

  #refused(side: Side): void {
    if (this.players[side].media.paused && this.#playing && !this.#over[side]) this.pause();
  }

  #ended(): void {
    if (this.preferences.loop) {
      this.#go(0);
      return;
    }
    this.#stop();
    this.#go(this.axis.length);
  }
}
