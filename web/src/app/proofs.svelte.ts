import { explain, get } from '../shared/api.ts';
import type { Filter, ProofPage, ProofSummary } from '../shared/types.ts';
import { session } from './session.svelte.ts';

const PAGE = 30;

/** The list of proofs as filtered and searched, kept fresh by events. */
export class ProofList {
  filter = $state<Filter>('all');
  query = $state('');
  items = $state.raw<ProofSummary[]>([]);
  counts = $state.raw<Partial<Record<Filter, number>>>({});
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state('');
  loadingMore = $state(false);
  #cursor = $state<string | null>(null);
  #turn = 0;
  #refresh: ReturnType<typeof setTimeout> | undefined;

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  #path(limit: number, cursor: string | null): string {
    const query = new URLSearchParams({ filter: this.filter, limit: String(limit) });
    if (this.query.trim() !== '') query.set('q', this.query.trim());
    if (cursor !== null) query.set('cursor', cursor);
    return `/proofs?${query}`;
  }

  /** Loads the first page; `quiet` keeps what is shown meanwhile. */
  async load(quiet = false): Promise<void> {
    const turn = ++this.#turn;
    if (!quiet) this.state = 'loading';
    const limit = quiet ? Math.min(100, Math.max(PAGE, this.items.length)) : PAGE;
    try {
      const page = await get<ProofPage>(this.#path(limit, null));
      if (turn !== this.#turn) return;
      this.items = page.items;
      this.#cursor = page.next_cursor;
      if (page.counts) this.counts = page.counts;
      this.state = 'ready';
    } catch (cause) {
      session.check(cause);
      if (turn !== this.#turn || quiet) return;
      this.error = explain(cause);
      this.state = 'failed';
    }
  }

  async more(): Promise<void> {
    if (this.#cursor === null || this.loadingMore) return;
    const turn = this.#turn;
    this.loadingMore = true;
    try {
      const page = await get<ProofPage>(this.#path(PAGE, this.#cursor));
      if (turn !== this.#turn) return;
      const known = new Set(this.items.map((item) => item.id));
      this.items = [...this.items, ...page.items.filter((item) => !known.has(item.id))];
      this.#cursor = page.next_cursor;
    } catch (cause) {
      session.check(cause);
      this.#cursor = null;
    } finally {
      this.loadingMore = false;
    }
  }

  /** Something changed somewhere: loads again soon, once for many changes. */
  changed(): void {
    // Not put off by what comes meanwhile: a long file brings something all the time.
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined;
      void this.load(true);
    }, 600);
  }
}
