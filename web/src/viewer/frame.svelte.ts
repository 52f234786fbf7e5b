import { ApiError, explain, post } from '../shared/api.ts';
import type { Interactive, Screen } from '../shared/types.ts';
import { clampSide, type Device, sameScreen, stepsBack } from './screens.ts';

/** A bundle may be told that its address ended; then it is asked for anew. */
const RETRY_MS = 5000;
/**
 * What is framed in this window. Its policy keeps bundles from leading their frames elsewhere, and a policy cannot be
 * taken back: from then on no site is framed, and where one is, no bundle runs.
 */
let framed: 'bundles' | 'site' | null = null;

/**
 * A page of a bundle could lead its frame elsewhere, and tell things on the way. To another bundle it may: two versions
 * are compared in one window, and none of them reaches anybody.
 */
function forbidOthers(bundles: string): void {
  const id = 'bundles-only';
  if (document.getElementById(id)) return;
  const rule = document.createElement('meta');
  rule.id = id;
  rule.httpEquiv = 'Content-Security-Policy';
  rule.content = `frame-src ${bundles}`;
  document.head.append(rule);
}

/**
 * A page that is tried rather than looked at: which part of it is on the screen, how large that is, and where one was
 * before. Pages of a bundle tell where they are; of other sites nobody outside of them knows.
 */
export class FrameState {
  /** Address of the site, or of the files of the bundle once it is known. */
  root = $state<string | null>(null);
  problem = $state<string | null>(null);
  /** Size of the screen in CSS px; null takes the room there is. */
  size = $state.raw<{ width: number; height: number } | null>(null);
  /** Room there is, in CSS px. */
  room = $state.raw({ width: 0, height: 0 });
  path = $state('');
  left = $state(0);
  top = $state(0);
  #visited = $state.raw<string[]>(['']);
  #at = $state(0);
  /** Where to scroll once the page is there. */
  #wanted: { left: number; top: number } | null = null;
  /** What was asked for last, so that arriving there is no new step. */
  #going: string | null = null;
  /** The size that was held while a comment was written; the room there is comes back to it afterwards. */
  #held: { width: number; height: number } | null = null;
  frame: HTMLIFrameElement | null = null;

  constructor(
    private readonly base: string,
    readonly what: Interactive,
  ) {
    const kind = what.url === null ? 'bundles' : 'site';
    framed ??= kind;
    if (framed !== kind)
      this.problem =
        'A website and a bundle are not shown in one window. Open this version by itself to see it.';
    else if (what.url !== null) this.root = what.url;
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      const { url } = await post<{ url: string }>(`${this.base}/site`);
      forbidOthers(new URL('../', new URL(url, location.href)).href);
      this.root = url;
      this.problem = null;
    } catch (cause) {
      this.problem = explain(cause);
      if (cause instanceof ApiError && cause.temporary)
        setTimeout(() => void this.#ask(), RETRY_MS);
    }
  }

  /** Pages of the bundle can be told apart. */
  get isBundle(): boolean {
    return this.what.url === null;
  }

  get width(): number {
    return this.size?.width ?? clampSide(this.room.width);
  }

  get height(): number {
    return this.size?.height ?? clampSide(this.room.height);
  }

  /** How much smaller the screen is shown, so that all of it can be seen. */
  get scale(): number {
    if (this.size === null || this.room.width <= 0 || this.room.height <= 0) return 1;
    return Math.min(1, this.room.width / this.width, this.room.height / this.height);
  }

  /** The screen now, for a comment on it. */
  get screen(): Screen {
    const { width, height, path, left, top } = this;
    return { width, height, path, left, top };
  }

  get canGoBack(): boolean {
    return this.#at > 0;
  }

  get canGoForward(): boolean {
    return this.#at < this.#visited.length - 1;
  }

  /** Takes in what a page of the bundle says of itself. */
  heard(data: unknown): void {
    const said = data as { galley?: unknown; path?: unknown; left?: unknown; top?: unknown } | null;
    if (said?.galley !== 'place' && said?.galley !== 'loaded') return;
    if (typeof said.path !== 'string' || said.path.length > 1000) return;
    const whole = (n: unknown) => Math.max(0, Math.round(Number(n) || 0));
    this.path = said.path;
    this.left = whole(said.left);
    this.top = whole(said.top);
    if (this.#going === said.path) this.#going = null;
    else if (this.#going === null && this.#visited[this.#at] !== said.path)
      [this.#visited, this.#at] = stepsBack(this.#visited, this.#at, said.path);
    if (said.galley === 'loaded') this.#scroll();
  }

  #scroll(): void {
    if (!this.#wanted) return;
    this.frame?.contentWindow?.postMessage({ galley: 'scroll', ...this.#wanted }, '*');
    this.#wanted = null;
  }

  #open(path: string): void {
    const window = this.frame?.contentWindow;
    if (!window || this.root === null) return;
    const target = new URL(this.isBundle ? this.root + path : this.root, location.href);
    // The path came from a server that checked it; a frame never leaves its bundle all the same.
    if (this.isBundle && !target.href.startsWith(new URL(this.root, location.href).href)) return;
    this.#going = path;
    // Not over the history of the window, whose back button is the viewer's.
    window.location.replace(target.href);
  }

  back(): void {
    if (!this.canGoBack) return;
    this.#at -= 1;
    this.#open(this.#visited[this.#at]!);
  }

  forward(): void {
    if (!this.canGoForward) return;
    this.#at += 1;
    this.#open(this.#visited[this.#at]!);
  }

  /** Begins anew, with nothing that the page kept. A bundle stays on its page. */
  reload(): void {
    if (this.root === null || !this.frame) return;
    this.#going = this.path;
    this.frame.src = this.isBundle ? this.root + this.path : this.root;
  }

  setDevice(device: Pick<Device, 'width' | 'height'> | null): void {
    this.#held = null;
    this.size = device && { width: clampSide(device.width), height: clampSide(device.height) };
  }

  /** Keeps the size while a comment is written, whatever room that leaves. */
  hold(): void {
    if (this.size !== null || this.room.width <= 0) return;
    this.#held = { width: this.width, height: this.height };
    this.size = this.#held;
  }

  /** The size is that of the room there is, or was when a comment was begun. */
  get fits(): boolean {
    return this.size === null || this.size === this.#held;
  }

  /** Takes the room there is again. */
  release(): void {
    if (this.#held !== null && this.size === this.#held) this.size = null;
  }

  /** Goes back to a screen that a comment is about. */
  show(screen: Screen): void {
    const held = this.size === null ? this.#held : null;
    const { width, height } = held ?? this;
    if (screen.width !== width || screen.height !== height) this.setDevice(screen);
    if (!this.isBundle) return;
    this.#wanted = { left: screen.left, top: screen.top };
    if (screen.path === this.path) this.#scroll();
    else {
      [this.#visited, this.#at] = stepsBack(this.#visited, this.#at, screen.path);
      this.#open(screen.path);
    }
  }

  /** Whether a screen is the one that is seen, wherever it is scrolled. */
  shows(screen: Screen | null): boolean {
    return screen === null || sameScreen(screen, this);
  }
}
