import { ApiError, explain, get } from '../../shared/api.ts';
import type {
  Comparison,
  Difference,
  Link,
  Page,
  PagePair,
  Place,
  Rect,
  TextChange,
} from '../../shared/types.ts';
import { load, save } from '../storage.ts';
import type { ViewerState } from '../state.svelte.ts';

export type Side = 'older' | 'newer';
export type Mode = 'side' | 'swipe' | 'fade';
export type Tab = 'areas' | 'text';

/** What is known of the differences of two pages. */
export type Finding =
  | { state: 'working' }
  | { state: 'found'; difference: Difference }
  | { state: 'failed'; message: string };

/** One thing that changed, somewhere in the document. */
export interface Change {
  /** Place in {@link CompareState.pairs}. */
  pair: number;
  /** Number within its page, from 1. */
  number: number;
  place: { older: Rect | null; newer: Rect | null };
  area: Place | null;
  text: TextChange | null;
}

interface Settings {
  color: string;
  opacity: number;
  on: 'both' | Side;
  newerLeft: boolean;
}

const SETTINGS_KEY = 'galley:compare';
const POLL_MS = 1500;
/** Pages that are compared without anybody going there: one after the other, so that nobody waits for them. */
const AHEAD = 300;

export const COLORS = ['#e5192d', '#d100b8', '#0a84ff', '#00a35c'];

const FRONT: Rect = { x: 0, y: 0, w: 1, h: 1 };

/** Two versions of a proof beside each other: their pages, and what is known of their differences. */
export class CompareState {
  comparison = $state.raw<Comparison | null>(null);
  links = $state.raw<{ older: Link | null; newer: Link | null }>({ older: null, newer: null });
  problem = $state<string | null>(null);
  at = $state(0);
  mode = $state<Mode>('side');
  tab = $state<Tab>('areas');
  highlight = $state(true);
  synced = $state(true);
  comments = $state(true);
  selected = $state<{ tab: Tab; index: number } | null>(null);
  settings = $state<Settings>({ color: COLORS[0]!, opacity: 0.6, on: 'newer', newerLeft: true });
  findings = $state.raw<Record<string, Finding>>({});
  #versions = $state.raw<{ a: number; b: number }>({ a: 0, b: 0 });
  #generation = 0;

  constructor(
    readonly viewer: ViewerState,
    other: number,
  ) {
    Object.assign(this.settings, load<Settings>(SETTINGS_KEY) ?? {});
    this.pick(viewer.link!.proof.version, other);
  }

  /** Versions that can be picked: those with a link. Newest first. */
  readonly versions = $derived.by(() =>
    [...(this.viewer.link?.version_list ?? [])]
      .filter((each) => each.current || each.link)
      .sort((a, b) => b.version - a.version),
  );
  pairs = $derived<PagePair[]>(this.comparison?.pages ?? []);
  pair = $derived<PagePair | null>(this.pairs[this.at] ?? null);
  finding = $derived(this.pair ? (this.findings[key(this.pair)] ?? null) : null);
  difference = $derived(this.finding?.state === 'found' ? this.finding.difference : null);
  left = $derived<Side>(this.settings.newerLeft ? 'newer' : 'older');
  right = $derived<Side>(this.settings.newerLeft ? 'older' : 'newer');
  version = $derived({
    older: Math.min(this.#versions.a, this.#versions.b),
    newer: Math.max(this.#versions.a, this.#versions.b),
  });
  /** Pages that were looked at, of those that are in both versions. */
  progress = $derived.by(() => {
    const both = this.pairs.filter(inBoth);
    const done = both.filter((pair) => {
      const finding = this.findings[key(pair)];
      return finding && finding.state !== 'working';
    });
    return { done: done.length, all: both.length };
  });
  areas = $derived.by(() => this.#collect((difference) => difference.regions.map(ofArea)));
  texts = $derived.by(() => this.#collect((difference) => (difference.text ?? []).map(ofText)));
  list = $derived(this.tab === 'areas' ? this.areas : this.texts);
  current = $derived(
    this.selected
      ? ((this.selected.tab === 'areas' ? this.areas : this.texts)[this.selected.index] ?? null)
      : null,
  );

  #collect(of: (difference: Difference) => Omit<Change, 'pair' | 'number'>[]): Change[] {
    return this.pairs.flatMap((pair, index) => {
      const finding = this.findings[key(pair)];
      if (finding?.state !== 'found') return [];
      return of(finding.difference).map((change, n) => ({ ...change, pair: index, number: n + 1 }));
    });
  }

  page(side: Side): Page | null {
    const number = this.pair?.[side];
    return this.links[side]?.pages.find((page) => page.number === number) ?? null;
  }

  /** Where the sheet of the comparison lies on a page; the page itself while that is not known. */
  sheet(side: Side): Rect {
    return this.difference?.sheet[side] ?? FRONT;
  }

  code(version: number): string {
    const entry = this.viewer.link?.version_list.find((each) => each.version === version);
    if (entry?.link) return decodeURIComponent(new URL(entry.link).pathname.split('/')[2] ?? '');
    return this.viewer.code;
  }

  /** Address of what belongs to the two versions, without the API's own part. */
  get base(): string {
    const { older, newer } = this.version;
    const code = (version: number) => encodeURIComponent(this.code(version));
    return `/links/${code(older)}/compare/${code(newer)}`;
  }

  mask(): string | null {
    const { pair } = this;
    if (!pair || !inBoth(pair) || !this.difference) return null;
    return `/api/v1${this.base}/pages/${pair.older}/${pair.newer}/mask`;
  }

  /** Compares two versions from now on. */
  pick(a: number, b: number): void {
    this.#versions = { a, b };
    this.#generation += 1;
    this.comparison = null;
    this.links = { older: null, newer: null };
    this.findings = {};
    this.selected = null;
    this.problem = null;
    void this.#load(this.#generation);
  }

  /** Picks another version for a side; when it is the other side's, they change places. */
  pickFor(side: Side, version: number): void {
    const other = this.version[side === 'older' ? 'newer' : 'older'];
    if (version !== other) this.pick(version, other);
  }

  retry(): void {
    this.pick(this.#versions.a, this.#versions.b);
  }

  close(): void {
    this.#generation += 1;
  }

  async #load(generation: number): Promise<void> {
    const stale = () => generation !== this.#generation;
    try {
      const { older, newer } = this.version;
      const of = (version: number) => get<Link>(`/links/${encodeURIComponent(this.code(version))}`);
      const [comparison, a, b] = await Promise.all([
        get<Comparison>(this.base),
        of(older),
        of(newer),
      ]);
      if (stale()) return;
      const first = this.comparison === null;
      this.comparison = comparison;
      this.links = { older: a, newer: b };
      if (first) {
        const own = this.viewer.link!.proof.version === older ? 'older' : 'newer';
        const here = comparison.pages.findIndex((pair) => pair[own] === this.viewer.page);
        this.at = Math.max(0, here);
      }
      this.at = Math.min(this.at, Math.max(0, comparison.pages.length - 1));
      if (!comparison.settled) setTimeout(() => !stale() && void this.#load(generation), POLL_MS);
      void this.#sweep(generation);
    } catch (cause) {
      if (!stale()) this.problem = explain(cause);
    }
  }

  /** Compares the page on view first, then the others one by one. */
  async #sweep(generation: number): Promise<void> {
    for (let n = 0; n < AHEAD && generation === this.#generation; n++) {
      const pairs = this.pairs;
      const open = (pair: PagePair | undefined) =>
        pair !== undefined && inBoth(pair) && this.#ready(pair) && !this.findings[key(pair)];
      const next = open(this.pair ?? undefined)
        ? this.pair!
        : (pairs.slice(this.at).find(open) ?? pairs.find(open));
      if (!next) return;
      await this.#find(next, generation);
    }
  }

  #ready(pair: PagePair): boolean {
    const ready = (side: Side) =>
      this.links[side]?.pages.some((page) => page.number === pair[side] && page.ready) === true;
    return ready('older') && ready('newer');
  }

  async #find(pair: PagePair, generation: number): Promise<void> {
    this.#note(pair, { state: 'working' });
    for (let tries = 0; ; tries++) {
      try {
        const path = `${this.base}/pages/${pair.older}/${pair.newer}`;
        const difference = await get<Difference>(path);
        if (generation === this.#generation) this.#note(pair, { state: 'found', difference });
        return;
      } catch (cause) {
        if (generation !== this.#generation) return;
        if (cause instanceof ApiError && cause.temporary && tries < 3) {
          await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** tries));
          continue;
        }
        this.#note(pair, { state: 'failed', message: explain(cause) });
        return;
      }
    }
  }

  #note(pair: PagePair, finding: Finding): void {
    this.findings = { ...this.findings, [key(pair)]: finding };
  }

  goTo(index: number): void {
    const to = Math.min(Math.max(0, index), Math.max(0, this.pairs.length - 1));
    if (to === this.at) return;
    this.at = to;
    const { pair } = this;
    // Where the sweep has not been yet, or will not come, the page does not wait its turn.
    if (pair && inBoth(pair) && this.#ready(pair) && !this.findings[key(pair)])
      void this.#find(pair, this.#generation);
  }

  /** Goes to a change of a list. */
  select(tab: Tab, index: number): void {
    const change = (tab === 'areas' ? this.areas : this.texts)[index];
    if (!change) return;
    this.tab = tab;
    this.goTo(change.pair);
    this.selected = { tab, index };
  }

  /** Goes to the next or previous change; from none to the first on or after this page. */
  step(by: 1 | -1): void {
    const { list } = this;
    if (list.length === 0) return;
    if (this.selected?.tab === this.tab) {
      this.select(this.tab, (this.selected.index + by + list.length) % list.length);
      return;
    }
    const from = list.findIndex((change) => change.pair >= this.at);
    const last = list.findLastIndex((change) => change.pair <= this.at);
    this.select(this.tab, by > 0 ? Math.max(0, from) : last < 0 ? list.length - 1 : last);
  }

  set(change: Partial<Settings>): void {
    Object.assign(this.settings, change);
    save(SETTINGS_KEY, $state.snapshot(this.settings));
  }
}

function key(pair: PagePair): string {
  return `${pair.older}-${pair.newer}`;
}

export function inBoth(pair: PagePair): boolean {
  return pair.older !== null && pair.newer !== null;
}

function ofArea(area: Place): Omit<Change, 'pair' | 'number'> {
  return { place: area, area, text: null };
}

function ofText(text: TextChange): Omit<Change, 'pair' | 'number'> {
  const place = { older: text.older[0] ?? null, newer: text.newer[0] ?? null };
  return { place, area: null, text };
}
