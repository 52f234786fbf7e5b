import { ApiError, del, explain, get, post } from '../shared/api.ts';
import type { PageSearch, Resolution } from '../shared/types.ts';

/** The part of an address that people read. */
export const shownAddress = (url: string) => url.replace(/^https?:\/\//i, '').replace(/\/$/, '');

export const shownSize = ({ width, height }: Resolution) => `${width} × ${height}`;

export const sameSize = (a: Resolution, b: Resolution) =>
  a.width === b.width && a.height === b.height;

/**
 * Addresses as somebody typed or pasted them, parted by blanks and line ends. A comma may belong to one, but not at
 * its end.
 */
export const addresses = (text: string) =>
  text
    .split(/\s+/)
    .map((part) => part.replace(/[,;]+$/, ''))
    .filter(Boolean);

/** One web page to make a proof of, as it was typed until the server has said what it means. */
export class WebPage {
  readonly id = crypto.getRandomValues(new Uint32Array(2)).join('-');
  name = $state('');
  /** Null as long as it is not known to be an address. */
  url = $state<string | null>(null);
  state = $state<'checking' | 'ready' | 'failed'>('checking');
  error = $state<string | null>(null);
  /** The site itself is shown to reviewers, in place of a capture of the page. */
  live = $state(false);
  /** The search for its sub-pages, while it is open. */
  search = $state<SubPages | null>(null);

  constructor(readonly typed: string) {
    this.name = shownAddress(typed);
  }

  endSearch(): void {
    this.search?.end();
    this.search = null;
  }
}

/** Browsers show nothing else within a page with https (`product.md` 11.1). */
export const canBeLive = (page: WebPage) =>
  page.url !== null && page.url.startsWith('https://') && page.url.length < 1000;

/** Web pages to make proofs of, and the sizes of window to see them in. */
export class WebPages {
  list = $state<WebPage[]>([]);
  sizes = $state<Resolution[]>([]);
  readonly ready = $derived(this.list.filter((page) => page.state === 'ready'));
  readonly captured = $derived(this.ready.filter((page) => !page.live));
  readonly live = $derived(this.ready.filter((page) => page.live));
  /** Sub-pages that are ticked and not in the list yet. */
  readonly picked = $derived(
    this.list
      .flatMap((page) => page.search?.chosen ?? [])
      .filter((found) => !this.list.some((page) => page.url === found.url)),
  );

  constructor(
    readonly most: number,
    usual: Resolution,
    /** There is a browser on the server. Without one, sites can only be shown live. */
    readonly captures: boolean,
  ) {
    this.sizes = [{ width: usual.width, height: usual.height }];
  }

  /** Takes addresses, and asks the server what they mean. Those that are there already are left out. */
  async add(typed: string[], title?: (typed: string) => string): Promise<void> {
    const known = new Set(this.list.flatMap((page) => [page.typed, page.url]));
    const fresh = [...new Set(typed)].filter((each) => !known.has(each));
    const added = fresh.map((each) => new WebPage(each));
    if (added.length === 0) return;
    this.list.push(...added);
    // From the list, so that changes are seen.
    const pages = this.list.slice(-added.length);
    for (const page of pages) {
      page.name = title?.(page.typed) || page.name;
      page.live = !this.captures;
    }
    await this.check(pages);
  }

  /** Takes the ticked sub-pages into the list, and ends the searches that they come from. */
  async takePicked(): Promise<void> {
    const titles = new Map(this.picked.map((found) => [found.url, found.title]));
    for (const page of this.list) if (page.search?.chosen.length) page.endSearch();
    await this.add([...titles.keys()], (url) => titles.get(url) ?? '');
  }

  async check(pages: WebPage[]): Promise<void> {
    for (const page of pages) {
      page.state = 'checking';
      page.error = null;
    }
    try {
      const { items } = await post<{ items: { url: string | null; problem: string | null }[] }>(
        '/web-pages/check',
        { addresses: pages.map((page) => page.typed) },
      );
      pages.forEach((page, i) => {
        page.url = items[i]?.url ?? null;
        page.error = items[i]?.problem ?? null;
        page.state = page.url === null ? 'failed' : 'ready';
        if (page.live && page.url !== null && !canBeLive(page)) {
          page.error = 'A site is shown live only by an address with https.';
          page.state = 'failed';
        }
      });
    } catch (cause) {
      for (const page of pages) {
        page.error = explain(cause);
        page.state = 'failed';
      }
    }
    // Beyond what the server takes in one go.
    for (const page of this.ready.slice(this.most)) {
      page.error = `At most ${this.most} addresses at a time.`;
      page.state = 'failed';
    }
  }

  remove(page: WebPage): void {
    this.list = this.list.filter((each) => each.id !== page.id);
    // One that was too many may fit now.
    const next = this.list.find((each) => each.url !== null && each.state === 'failed');
    if (next && this.ready.length < this.most) {
      next.error = null;
      next.state = 'ready';
    }
  }

  move(page: WebPage, by: -1 | 1): void {
    const from = this.list.findIndex((each) => each.id === page.id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.list.length) return;
    const list = [...this.list];
    list.splice(to, 0, ...list.splice(from, 1));
    this.list = list;
  }

  /** Chooses a size, or takes it back. One stays. */
  toggle(size: Resolution): void {
    const rest = this.sizes.filter((each) => !sameSize(each, size));
    if (rest.length < this.sizes.length) {
      if (rest.length > 0) this.sizes = rest;
    } else this.sizes = [...this.sizes, { width: size.width, height: size.height }];
  }

  /** As the API takes them. */
  sources() {
    return this.captured.map((page) => ({
      url: page.url,
      name: page.name.trim() || undefined,
      resolutions: this.sizes,
    }));
  }
}

const POLL_MS = 700;

/** A search for the sub-pages of an address, until somebody has picked from it. */
export class SubPages {
  search = $state.raw<PageSearch | null>(null);
  problem = $state<string | null>(null);
  /** Addresses that are ticked. */
  picked = $state<string[]>([]);
  readonly chosen = $derived(
    (this.search?.pages ?? []).filter((page) => this.picked.includes(page.url)),
  );
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  readonly busy = $derived(
    this.problem === null && (this.search === null || this.search.state === 'searching'),
  );

  constructor(url: string) {
    void this.#begin(url);
  }

  async #begin(url: string): Promise<void> {
    try {
      const search = await post<PageSearch>('/page-searches', { url });
      if (this.#over) return void this.#forget(search.id);
      this.#take(search);
    } catch (cause) {
      this.problem = explain(cause);
    }
  }

  #take(search: PageSearch): void {
    this.search = search;
    if (search.state === 'failed') this.problem = search.problem;
    if (search.state === 'searching') this.#timer = setTimeout(() => void this.#look(), POLL_MS);
  }

  async #look(): Promise<void> {
    if (this.#over || !this.search) return;
    try {
      const search = await get<PageSearch>(`/page-searches/${this.search.id}`);
      if (!this.#over) this.#take(search);
    } catch (cause) {
      if (this.#over) return;
      // The server goes on with it while it cannot be reached.
      if (cause instanceof ApiError && cause.temporary)
        this.#timer = setTimeout(() => void this.#look(), 3 * POLL_MS);
      else if (cause instanceof ApiError && cause.status === 404)
        this.problem = 'Another search took the place of this one.';
      else this.problem = explain(cause);
    }
  }

  #forget(id: number): Promise<void> {
    // What is left the server forgets by itself.
    return del(`/page-searches/${id}`).catch(() => undefined);
  }

  /** Ends it, whether it is done or not. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    if (this.search) void this.#forget(this.search.id);
  }
}
