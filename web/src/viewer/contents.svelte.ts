import { get } from '../shared/api.ts';
import type { ContentsEntry, PageLink } from '../shared/types.ts';

/** What a document says of where things are: its table of contents, and the links of its pages. */
export class ContentsState {
  entries = $state.raw<ContentsEntry[]>([]);
  #asked = false;
  readonly #links = new Map<number, Promise<PageLink[]>>();

  constructor(private readonly base: string) {}

  /** Asks once, after the pages are there. A proof is read as well without. */
  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const { entries, ready } = await get<{ ready: boolean; entries: ContentsEntry[] }>(
        `${this.base}/contents`,
      );
      this.entries = entries;
      this.#asked = ready;
    } catch {
      this.#asked = false;
    }
  }

  /** The links of a page, asked for when it is first seen. */
  async linksOf(page: number): Promise<PageLink[]> {
    let links = this.#links.get(page);
    if (!links) {
      links = get<{ links: PageLink[] }>(`${this.base}/pages/${page}/links`).then(
        (found) => found.links,
      );
      this.#links.set(page, links);
      links.catch(() => this.#links.delete(page));
    }
    return links.catch(() => []);
  }
}
