import { MediaQuery } from 'svelte/reactivity';
import type { Fit, Stage } from './engine/stage.ts';
import { load, save } from './storage.ts';

const PANELS_KEY = 'galley:panels';

/** Layout and view of the window: which panels show, how far the page is zoomed. Nothing of it reaches the server. */
export class Ui {
  readonly #narrow = new MediaQuery('max-width: 760px');
  thumbs = $state(true);
  comments = $state(true);
  /** The bottom sheet of narrow windows. */
  sheet = $state<'closed' | 'half' | 'full' | 'pages'>('closed');
  dialog = $state<'decision' | 'shortcuts' | 'message' | null>(null);
  searching = $state(false);
  /** The table of contents in place of the small pages. */
  contents = $state(false);
  /** The file check is shown where comments are. */
  check = $state(false);
  /** The version that is compared with this one. */
  compare = $state<number | null>(null);
  scale = $state(1);
  fit = $state<Fit | null>('page');
  stage = $state.raw<Stage | null>(null);

  constructor() {
    const panels = load<{ thumbs: boolean; comments: boolean; contents?: boolean }>(PANELS_KEY);
    if (panels) {
      this.thumbs = panels.thumbs;
      this.comments = panels.comments;
      this.contents = panels.contents ?? false;
    }
  }

  get phone(): boolean {
    return this.#narrow.current;
  }

  toggle(panel: 'thumbs' | 'comments'): void {
    this[panel] = !this[panel];
    this.#keep();
  }

  setContents(on: boolean): void {
    this.contents = on;
    this.#keep();
  }

  #keep(): void {
    const { thumbs, comments, contents } = this;
    save(PANELS_KEY, { thumbs, comments, contents });
  }

  /** Fills the screen with what is looked at, where the browser can. */
  toggleFullScreen(): void {
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : document.querySelector('.shell')?.requestFullscreen?.();
    done?.catch(() => undefined);
  }

  setFit(fit: Fit): void {
    this.stage?.setFit(fit);
    this.fit = this.stage?.fit ?? fit;
  }
}

/** Puts the cursor into the box for new comments, once it is there. */
export function focusComposer(): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLTextAreaElement>('[data-testid="comment-input"]')?.focus(),
  );
}
