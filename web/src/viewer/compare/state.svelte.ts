import { ApiError, explain, get } from '../../shared/api.ts';
import type {
  Comment,
  Comparison,
  Difference,
  Link,
  Medium,
  Page,
  PagePair,
  Rect,
} from '../../shared/types.ts';
import { load, save } from '../storage.ts';
import type { ViewerState } from '../state.svelte.ts';
import {
  type Change,
  type Finding,
  inBoth,
  pairKey,
  type Mode,
  ofArea,
  ofText,
  opposite,
  type Side,
  SIDES,
  type Tab,
} from './changes.ts';
import { Sides } from './sides.svelte.ts';

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

/** Two versions of a proof beside each other: what they are, and what is known of the differences of their pages. */
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
  /** What of the two a narrow window shows, if they cannot be laid upon each other. */
  shown = $state<'both' | Side>('both');
  /** The comment that is read on each side. */
  opened = $state<Record<Side, number | null>>({ older: null, newer: null });
  selected = $state<{ tab: Tab; index: number } | null>(null);
  settings = $state<Settings>({ color: COLORS[0]!, opacity: 0.6, on: 'newer', newerLeft: true });
  findings = $state.raw<Record<string, Finding>>({});
  readonly sides = new Sides();
  /** The page each side is at, where pages do not belong together. */
  #pages = $state<Record<Side, number>>({ older: 1, newer: 1 });
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
  /** What both are; null when each is looked at by itself, because they are of two kinds or are tried. */
  common = $derived.by((): Exclude<Medium, 'interactive'> | null => {
    const { older, newer } = this.comparison ?? {};
    if (!older || !newer || older.medium !== newer.medium) return null;
    return newer.medium === 'interactive' ? null : newer.medium;
  });
  pairs = $derived<PagePair[]>(this.comparison?.pages ?? []);
  pair = $derived<PagePair | null>(this.pairs[this.at] ?? null);
  finding = $derived(this.pair ? (this.findings[pairKey(this.pair)] ?? null) : null);
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
      const finding = this.findings[pairKey(pair)];
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
      const finding = this.findings[pairKey(pair)];
      if (finding?.state !== 'found') return [];
      return of(finding.difference).map((change, n) => ({ ...change, pair: index, number: n + 1 }));
    });
  }

  medium(side: Side): Medium | null {
    return this.comparison?.[side].medium ?? null;
  }

  /** The page that a side shows; null when it is in the other version only. */
  number(side: Side): number | null {
    return this.common === 'pages' ? (this.pair?.[side] ?? null) : this.#pages[side];
  }

  page(side: Side): Page | null {
    const number = this.number(side);
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

  /** The version that the viewer was opened with, if it is one of the two. */
  get own(): Side | null {
    const version = this.viewer.link?.proof.version;
    return SIDES.find((side) => this.version[side] === version) ?? null;
  }

  /** Compares two versions from now on. */
  pick(a: number, b: number): void {
    this.sides.drop();
    this.#versions = { a, b };
    this.#pages = { older: 1, newer: 1 };
    this.opened = { older: null, newer: null };
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
    const other = this.version[opposite(side)];
    if (version !== other) this.pick(version, other);
  }

  retry(): void {
    this.pick(this.#versions.a, this.#versions.b);
  }

  close(): void {
    this.#generation += 1;
    this.sides.drop();
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
      const { own, viewer } = this;
      if (first && own) {
        this.#pages[own] = viewer.page;
        this.at = Math.max(
          0,
          comparison.pages.findIndex((pair) => pair[own] === viewer.page),
        );
      }
      const fresh = this.sides.equip(
        comparison,
        { older: a, newer: b },
        (side) => `/links/${encodeURIComponent(this.code(this.version[side]))}`,
      );
      if (fresh && own && viewer.player) this.sides.duo?.startAt(own, viewer.player.frame);
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
        pair !== undefined && inBoth(pair) && this.#ready(pair) && !this.findings[pairKey(pair)];
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
    this.findings = { ...this.findings, [pairKey(pair)]: finding };
  }

  goTo(index: number): void {
    const to = Math.min(Math.max(0, index), Math.max(0, this.pairs.length - 1));
    if (to === this.at) return;
    this.at = to;
    const { pair } = this;
    // Where the sweep has not been yet, or will not come, the page does not wait its turn.
    if (pair && inBoth(pair) && this.#ready(pair) && !this.findings[pairKey(pair)])
      void this.#find(pair, this.#generation);
  }

  /** Moves both together, or each alone. */
  setSynced(on: boolean): void {
    this.synced = on;
    const { duo } = this.sides;
    if (on) duo?.link();
    else duo?.unlink();
  }

  /** Puts both where they began. */
  realign(): void {
    this.synced = true;
    this.sides.duo?.reset();
  }

  /** Goes to a frame of a side; along with the other one while they are linked. */
  seekOn(side: Side, frame: number): void {
    const { duo, players } = this.sides;
    if (duo) duo.seekOn(side, frame);
    else players[side]?.seek(frame);
  }

  /** Opens a comment of a side, and stops at what it is about. */
  showMoment(side: Side, comment: Comment): void {
    const { duo, players } = this.sides;
    this.opened = { older: null, newer: null, [side]: comment.id };
    (duo ?? players[side])?.pause();
    if (comment.time) this.seekOn(side, comment.time.from);
  }

  /** Turns a page; of one side only, where pages do not belong together. */
  turn(side: Side, by: 1 | -1): void {
    if (this.common === 'pages') this.goTo(this.at + by);
    else {
      const count = this.links[side]?.pages.length ?? 1;
      this.#pages[side] = Math.min(Math.max(1, this.#pages[side] + by), Math.max(1, count));
    }
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
