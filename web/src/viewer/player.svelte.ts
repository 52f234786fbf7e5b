import { ApiError, get } from '../shared/api.ts';
import type { Playback, Recording, Storyboard } from '../shared/types.ts';
import { frameAt, middleOf, nearestFrame, type Unit } from './engine/timecode.ts';
import { load, save } from './storage.ts';

const SETTINGS_KEY = 'galley:player';
const POLL_MS = 1500;
const SLOW_MS = 300;
export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

interface Settings {
  unit: Unit;
  volume: number;
  muted: boolean;
  loop: boolean;
}

/** What the person chose for everything that plays; kept in the browser. */
export class Preferences implements Settings {
  unit = $state<Unit>('timecode');
  volume = $state(1);
  muted = $state(false);
  loop = $state(false);
  /** Told of every change. */
  readonly followers = new Set<() => void>();

  constructor() {
    const known = load<Partial<Settings>>(SETTINGS_KEY);
    this.unit = known?.unit ?? 'timecode';
    this.volume = known?.volume ?? 1;
    this.muted = known?.muted ?? false;
    this.loop = known?.loop ?? false;
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.muted = volume === 0;
    this.#keep();
  }

  toggleMuted(): void {
    this.muted = !this.muted;
    if (!this.muted && this.volume === 0) this.volume = 0.5;
    this.#keep();
  }

  toggleLoop(): void {
    this.loop = !this.loop;
    this.#keep();
  }

  nextUnit(picture: boolean): void {
    const units: Unit[] = picture ? ['timecode', 'time', 'frames'] : ['timecode', 'time'];
    this.unit = units[(units.indexOf(this.unit) + 1) % units.length] ?? 'timecode';
    this.#keep();
  }

  #keep(): void {
    const { unit, volume, muted, loop } = this;
    save(SETTINGS_KEY, { unit, volume, muted, loop } satisfies Settings);
    for (const follow of this.followers) follow();
  }
}

/** What the bar with the buttons drives: one recording, or two that play together. */
export interface Transport {
  readonly preferences: Preferences;
  readonly recording: Recording;
  readonly frame: number;
  readonly last: number;
  readonly playing: boolean;
  readonly stalled: boolean;
  readonly state: Playback['state'];
  /** What keeps it from being played as a whole, in words. */
  readonly status: string | null;
  readonly problem: string | null;
  readonly playable: boolean;
  readonly seekable: boolean;
  readonly speed: number;
  toggle(): void;
  step(frames: number): void;
  jump(seconds: number): void;
  seek(frame: number): void;
  setSpeed(speed: number): void;
  retry(): void;
}

/** The next speed up or down. */
export function nextSpeed(speed: number, step: 1 | -1): number {
  const at = SPEEDS.indexOf(speed);
  return SPEEDS[Math.min(Math.max(0, at + step), SPEEDS.length - 1)] ?? 1;
}

/** Plays the recording of a proof, and knows at which frame it is. */
export class Player implements Transport {
  readonly media: HTMLVideoElement;
  recording = $state.raw<Recording>(null as unknown as Recording);
  /** The frame that is seen; for sound the millisecond that is heard. */
  frame = $state(0);
  playing = $state(false);
  /** Waits for bytes. */
  stalled = $state(false);
  state = $state<Playback['state']>('waiting');
  percent = $state<number | null>(null);
  problem = $state<string | null>(null);
  board = $state.raw<Storyboard | null>(null);
  outline = $state.raw<number[] | null>(null);
  speed = $state(1);
  /** Somebody else plays it, along with another: it does not start over by itself. */
  led = false;
  #silent = false;
  /** Frames of a comment that are being played. */
  #range: { from: number; to: number } | null = null;
  #url = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #over = false;

  constructor(
    private readonly base: string,
    recording: Recording,
    readonly preferences = new Preferences(),
  ) {
    this.recording = recording;
    const media = document.createElement('video');
    media.className = 'film';
    media.preload = 'auto';
    media.playsInline = true;
    media.tabIndex = -1;
    media.dataset.testid = 'film';
    this.media = media;
    this.#listen();
    preferences.followers.add(this.#beHeard);
    this.#beHeard();
    void this.refresh();
  }

  get last(): number {
    return Math.max(0, this.recording.frames - 1);
  }

  /** Seconds since the first frame. */
  get time(): number {
    return this.media.currentTime - this.recording.starts_seconds;
  }

  /** Only a whole file can be jumped in. */
  get seekable(): boolean {
    return this.state === 'whole';
  }

  get playable(): boolean {
    return this.state === 'whole' || this.state === 'growing';
  }

  get status(): string | null {
    const percent = this.percent === null ? '' : ` ${this.percent} %`;
    if (this.state === 'growing')
      return `Still being prepared,${percent} done. It plays from the start; jumping comes when it is ready.`;
    if (this.state === 'waiting')
      return `Being prepared for playing…${percent} It starts to work here by itself.`;
    return null;
  }

  destroy(): void {
    this.#over = true;
    this.preferences.followers.delete(this.#beHeard);
    clearTimeout(this.#timer);
    clearTimeout(this.#slow);
    this.media.pause();
    this.media.removeAttribute('src');
    this.media.load();
    this.media.remove();
  }

  #listen(): void {
    const { media } = this;
    media.addEventListener('play', () => (this.playing = true));
    media.addEventListener('pause', () => {
      this.playing = false;
      this.#stand();
    });
    media.addEventListener('waiting', () => (this.stalled = true));
    // A jump far from a whole picture takes a while to decode.
    media.addEventListener('seeking', () => {
      clearTimeout(this.#slow);
      this.#slow = setTimeout(() => (this.stalled = media.seeking), SLOW_MS);
    });
    for (const name of ['playing', 'canplay', 'seeked', 'pause'] as const)
      media.addEventListener(name, () => (this.stalled = false));
    media.addEventListener('ended', () => this.#ended());
    media.addEventListener('error', () => this.#failed());
    if (this.recording.picture && 'requestVideoFrameCallback' in media) {
      const seen: VideoFrameRequestCallback = (_, { mediaTime }) => {
        this.#at(nearestFrame(this.recording, mediaTime - this.recording.starts_seconds));
        media.requestVideoFrameCallback(seen);
      };
      media.requestVideoFrameCallback(seen);
    } else {
      const look = () => {
        if (!media.paused && !media.seeking) this.#at(frameAt(this.recording, this.time));
        if (!this.#over) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }
  }

  #at(frame: number): void {
    // A frame from before a jump must not move the head back.
    if (this.media.seeking) return;
    this.frame = Math.min(frame, this.last);
    const range = this.#range;
    if (range && this.playing && frame >= range.to) {
      if (this.preferences.loop) this.seek(range.from, true);
      else {
        this.pause();
        this.seek(range.to);
      }
    }
  }

  #ended(): void {
    this.#range = null;
    // The end of a file that grows is the end of what was there.
    if (this.state === 'growing') return;
    if (this.preferences.loop && !this.led) {
      this.seek(0);
      this.play();
    } else this.frame = this.last;
  }

  #failed(): void {
    if (this.#over || !this.#url) return;
    this.#url = '';
    // Twice may be the connection.
    if (this.#tries++ < 3) {
      this.#timer = setTimeout(() => void this.refresh(), POLL_MS * this.#tries);
      return;
    }
    this.state = 'failed';
    this.problem =
      this.media.error?.code === MediaError.MEDIA_ERR_NETWORK
        ? 'The connection was lost while it was loading.'
        : 'This browser cannot play it.';
  }

  /** Starts over after an error. */
  retry(): void {
    this.#tries = 0;
    this.problem = null;
    this.state = 'waiting';
    void this.refresh();
  }

  /** Asks how far the server is, until everything is there. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const now = await get<Playback>(`${this.base}/recording`);
      if (this.#over) return;
      this.recording = now.recording;
      this.state = now.state;
      this.percent = now.percent;
      this.board = now.storyboard;
      if (now.outline_url && !this.outline) {
        const { values } = await get<{ values: number[] }>(`${this.base}/recording/outline`);
        this.outline = values;
      }
      if (now.state === 'failed') {
        this.problem = now.problem;
        return;
      }
      if (now.state !== 'waiting' && now.media_url !== this.#url) this.#open(now.media_url);
      const previews =
        (!now.recording.picture || now.storyboard) && (!now.recording.sound || now.outline_url);
      if (now.state === 'whole' && (previews || this.#tries++ > 40)) {
        this.#tries = 0;
        return;
      }
    } catch (cause) {
      if (cause instanceof ApiError && !cause.temporary) {
        this.state = 'failed';
        this.problem = cause.message;
        return;
      }
    }
    if (!this.#over) this.#timer = setTimeout(() => void this.refresh(), POLL_MS);
  }

  #open(url: string): void {
    const { media, frame, playing } = this;
    this.#url = url;
    media.src = url;
    media.playbackRate = this.speed;
    media.addEventListener(
      'loadedmetadata',
      () => {
        if (frame > 0) this.seek(frame);
        if (playing) this.play();
      },
      { once: true },
    );
  }

  /** Is as loud as the person wants it. */
  readonly #beHeard = (): void => {
    const { volume, muted } = this.preferences;
    this.media.volume = volume;
    this.media.muted = muted || this.#silent;
  };

  /** Not heard whatever the person wants, because another one is. */
  set silent(silent: boolean) {
    this.#silent = silent;
    this.#beHeard();
  }

  play(): void {
    if (!this.playable) return;
    if (this.frame >= this.last && this.seekable) this.seek(0);
    // Refused without a gesture, or called off by a pause: the button shows which.
    this.media.play().catch(() => undefined);
  }

  pause(): void {
    this.media.pause();
    this.#range = null;
    this.#stand();
  }

  /**
   * Stands exactly on the frame that playing has come to: browsers say which frame they show late by one or two, and a
   * comment on a frame must be about the picture that is seen.
   */
  #stand(): void {
    const { media, recording } = this;
    if (!recording.picture || !this.seekable || media.seeking || !media.paused) return;
    this.seek(frameAt(recording, this.time));
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Goes to a frame. Playing goes on if it was. */
  seek(frame: number, keepRange = false): void {
    if (!this.seekable) return;
    if (!keepRange) this.#range = null;
    this.frame = Math.min(Math.max(0, Math.round(frame)), this.last);
    this.media.currentTime = this.recording.starts_seconds + middleOf(this.recording, this.frame);
  }

  /** Goes so many frames on or back, and stands still there. Of sound, hundredths of a second. */
  step(frames: number): void {
    this.pause();
    this.seek(this.frame + frames * (this.recording.picture ? 1 : 10));
  }

  /** Goes so many seconds on or back. */
  jump(seconds: number): void {
    const [frames, per] = this.recording.rate;
    this.seek(this.frame + (seconds * frames) / per);
  }

  /** Plays the frames that a comment is about, and stops at the last. */
  playRange(from: number, to: number): void {
    this.seek(from);
    this.#range = { from, to };
    this.media.play().catch(() => undefined);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.media.playbackRate = speed;
  }
}
