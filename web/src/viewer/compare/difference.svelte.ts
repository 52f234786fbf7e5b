import { frameOn, placeOf } from './axis.ts';
import { type Side, SIDES } from './changes.ts';
import type { Duo } from './duo.svelte.ts';
import { differing, painted } from './pixels.ts';

/** Width of the pictures that are compared: what is smaller than a pixel of them nobody sees in a film. */
const WIDTH = 640;
/** While it plays, so much longer than it took nothing is compared, so that playing keeps the machine. */
const REST = 1.5;
/** A difference that is older is of another picture. */
const STALE_MS = 250;

export type Found =
  | { state: 'working' }
  /** Share of the picture, 0..1. */
  | { state: 'found'; share: number }
  /** The pictures have other proportions, so that no pixel has a place in both. */
  | { state: 'other-shape' };

/** What differs in the two frames that are seen, found in the browser. */
export class FrameDifference {
  found = $state.raw<Found>({ state: 'working' });
  /** What is laid over the picture of each side. */
  readonly canvases: Record<Side, HTMLCanvasElement>;
  #on = false;
  #color = '#e5192d';
  #over = false;
  #asked: number | null = null;
  #done = 0;
  #cost = 0;
  readonly #pens: Record<Side, CanvasRenderingContext2D | null>;

  constructor(private readonly duo: Duo) {
    const canvas = () => document.createElement('canvas');
    this.canvases = { older: canvas(), newer: canvas() };
    const pen = () => canvas().getContext('2d', { willReadFrequently: true, alpha: false });
    this.#pens = { older: pen(), newer: pen() };
    for (const side of SIDES) this.#watch(duo.players[side].media);
  }

  /** Whether anybody sees it, and in which colour. */
  set(on: boolean, color: string): void {
    this.#on = on;
    this.#color = color;
    if (!on) this.#clear();
    this.#ask();
  }

  destroy(): void {
    this.#over = true;
    if (this.#asked !== null) cancelAnimationFrame(this.#asked);
  }

  #watch(media: HTMLVideoElement): void {
    if ('requestVideoFrameCallback' in media) {
      const seen = () => {
        if (this.#over) return;
        this.#ask();
        media.requestVideoFrameCallback(seen);
      };
      media.requestVideoFrameCallback(seen);
    }
    // Standing still again, and in browsers that do not tell of each frame.
    for (const name of ['seeked', 'loadeddata', 'timeupdate', 'pause'] as const)
      media.addEventListener(name, () => this.#ask());
  }

  #ask(): void {
    if (this.#over || this.#asked !== null) return;
    this.#asked = requestAnimationFrame(() => {
      this.#asked = null;
      this.#look();
    });
  }

  #clear(): void {
    for (const side of SIDES) {
      const { canvases } = this;
      canvases[side].getContext('2d')?.clearRect(0, 0, canvases[side].width, canvases[side].height);
    }
    this.found = { state: 'working' };
  }

  #look(): void {
    if (this.#over || !this.#on) return;
    const { duo } = this;
    const now = performance.now();
    const there = SIDES.every((side) => {
      const { media } = duo.players[side];
      return (
        !media.seeking &&
        media.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA &&
        media.videoWidth > 0
      );
    });
    const early = duo.playing && now - this.#done < this.#cost * REST;
    if (!there || !this.#together() || early) {
      if (now - this.#done > STALE_MS + this.#cost * REST) this.#clear();
      return;
    }
    this.#compare(duo.players.older.media, duo.players.newer.media);
    this.#done = performance.now();
    this.#cost = this.#done - now;
  }

  /** Two frames that do not belong together differ in everything that moves. Whoever stops, or plays one alone, chose them. */
  #together(): boolean {
    const { axis, linked, players, playing } = this.duo;
    if (!playing || !linked) return true;
    const { older, newer } = players;
    const place = placeOf(axis, 'newer', newer.recording, newer.frame);
    return frameOn(axis, 'older', older.recording, place) === older.frame;
  }

  #compare(older: HTMLVideoElement, newer: HTMLVideoElement): void {
    const shape = newer.videoHeight / newer.videoWidth;
    if (Math.abs(older.videoHeight / older.videoWidth / shape - 1) > 0.01) {
      this.#clear();
      this.found = { state: 'other-shape' };
      return;
    }
    const width = Math.min(WIDTH, newer.videoWidth, older.videoWidth);
    const height = Math.max(1, Math.round(width * shape));
    const [a, b] = [
      this.#read('older', older, width, height),
      this.#read('newer', newer, width, height),
    ];
    if (!a || !b) return;
    const { mask, count } = differing(a, b, width, height);
    const picture = new ImageData(painted(mask, width, this.#color), width, height);
    for (const side of SIDES) {
      const canvas = this.canvases[side];
      if (canvas.width !== width || canvas.height !== height)
        Object.assign(canvas, { width, height });
      canvas.getContext('2d')?.putImageData(picture, 0, 0);
    }
    this.found = { state: 'found', share: count / (width * height) };
  }

  #read(
    side: Side,
    media: HTMLVideoElement,
    width: number,
    height: number,
  ): Uint8ClampedArray | null {
    const pen = this.#pens[side];
    if (!pen) return null;
    const { canvas } = pen;
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    pen.drawImage(media, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data;
  }
}
