import type { Markup, Screen, Time } from '../shared/types.ts';
import { moved } from './engine/geometry.ts';
import type { Pen, Tool } from './engine/drawing.ts';
import { clientId, load, save } from './storage.ts';

const MAX_MARKUPS = 50;
const PEN_KEY = 'galley:pen';

interface Draft {
  text: string;
  markups: Markup[];
  time?: Time | null;
  screen?: Screen | null;
}

/** The comment being written: its text, its markups with undo, the active tool and pen. */
export class Composer {
  open = $state(false);
  text = $state('');
  markups = $state.raw<Markup[]>([]);
  /** Where in a recording; null for the whole of it, and on what has pages. */
  time = $state.raw<Time | null>(null);
  /** The screen of a page that is tried; null on everything else. */
  screen = $state.raw<Screen | null>(null);
  /** Index of the markup that keyboard and Delete act on. */
  picked = $state<number | null>(null);
  tool = $state<Tool>(null);
  pen = $state<Pen>({ color: '#e5322d', width: 3, opacity: 1 });
  /** A draft found on return was put back. */
  restored = $state(false);
  #undo = $state.raw<Markup[][]>([]);
  #redo = $state.raw<Markup[][]>([]);

  constructor(private readonly key: string) {
    this.pen = { ...this.pen, ...load<Partial<Pen>>(PEN_KEY) };
  }

  /** Offers the draft of an earlier visit again. */
  restore(): void {
    const draft = load<Draft>(this.key);
    if (!draft || (!draft.text && !draft.markups?.length)) return;
    this.text = draft.text ?? '';
    this.markups = draft.markups ?? [];
    this.time = draft.time ?? null;
    this.screen = draft.screen ?? null;
    this.open = true;
    this.restored = true;
  }

  get empty(): boolean {
    return this.text.trim() === '' && this.markups.length === 0;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Keeps a safety copy; call after every change. */
  store(): void {
    const { text, markups, time, screen } = this;
    save(this.key, this.empty ? null : { text, markups, time, screen });
  }

  setPen(change: Partial<Pen>): void {
    this.pen = { ...this.pen, ...change };
    save(PEN_KEY, this.pen);
    const { picked } = this;
    const chosen = picked === null ? undefined : this.markups[picked];
    if (chosen) this.#replace(this.markups.map((m, i) => (i === picked ? { ...m, ...change } : m)));
  }

  add(markup: Markup): boolean {
    if (this.markups.length >= MAX_MARKUPS) return false;
    this.open = true;
    this.#replace([...this.markups, markup]);
    this.picked = this.markups.length - 1;
    return true;
  }

  /** Adds several markups as one step of undo. */
  addAll(markups: Markup[]): void {
    this.open = true;
    this.#replace([...this.markups, ...markups].slice(0, MAX_MARKUPS));
  }

  removePicked(): void {
    if (this.picked === null) return;
    const { picked } = this;
    this.#replace(this.markups.filter((_, i) => i !== picked));
    this.picked = this.markups.length > 0 ? Math.min(picked, this.markups.length - 1) : null;
  }

  movePicked(dx: number, dy: number): void {
    const { picked } = this;
    if (picked === null) return;
    this.#replace(this.markups.map((m, i) => (i === picked ? moved(m, dx, dy) : m)));
  }

  #replace(markups: Markup[]): void {
    this.#undo = [...this.#undo.slice(-99), this.markups];
    this.#redo = [];
    this.markups = markups;
    this.store();
  }

  undo(): void {
    const before = this.#undo.at(-1);
    if (!before) return;
    this.#redo = [...this.#redo, this.markups];
    this.#undo = this.#undo.slice(0, -1);
    this.markups = before;
    this.picked = null;
    this.store();
  }

  redo(): void {
    const after = this.#redo.at(-1);
    if (!after) return;
    this.#undo = [...this.#undo, this.markups];
    this.#redo = this.#redo.slice(0, -1);
    this.markups = after;
    this.picked = null;
    this.store();
  }

  /** Hands over what was written and starts afresh. */
  take(): {
    clientId: string;
    text: string;
    markups: Markup[];
    time: Time | null;
    screen: Screen | null;
  } {
    const { markups, time, screen } = this;
    const taken = { clientId: clientId(), text: this.text.trim(), markups, time, screen };
    this.clear();
    return taken;
  }

  clear(): void {
    this.time = null;
    this.screen = null;
    this.text = '';
    this.markups = [];
    this.#undo = [];
    this.#redo = [];
    this.picked = null;
    this.tool = null;
    this.open = false;
    this.restored = false;
    this.store();
  }
}
