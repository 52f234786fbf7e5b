import type { PageLink, Point } from '../../shared/types.ts';
import type { Stage } from './stage.ts';

/** What a link is called: the address without what every address begins with, or the page. */
export function nameOf(link: PageLink): string {
  if ('page' in link) return `page ${link.page}`;
  return link.url.replace(/^https?:\/\//i, '').replace(/^(mailto|tel):/i, '');
}

/** The link under a place of the page; where several lie over each other, the last one. */
export function linkAt(links: PageLink[], [x, y]: Point): PageLink | null {
  const over = (link: PageLink) =>
    x >= link.x && x <= link.x + link.w && y >= link.y && y <= link.y + link.h;
  return links.findLast(over) ?? null;
}

/**
 * The links of the page that is shown. Presses go through them to the page, which is dragged and swiped as ever; a tap
 * is told by the stage, and {@link linkAt} says on what. With the keyboard they are reached like any link.
 */
export class LinkLayer {
  readonly element: HTMLDivElement;
  #links: PageLink[] = [];
  #shown: HTMLAnchorElement[] = [];
  #under: PageLink | null = null;
  #off = false;

  constructor(
    private readonly stage: Stage,
    over: HTMLElement,
    private readonly onFollow: (link: PageLink) => void,
    private readonly onHover: (link: PageLink | null) => void,
  ) {
    this.element = document.createElement('div');
    this.element.className = 'links';
    this.element.dataset.testid = 'links';
    over.prepend(this.element);
    const { surface } = stage;
    surface.addEventListener('pointermove', (event) => {
      if (event.pointerType !== 'mouse' || this.#off || event.buttons !== 0) return;
      this.#hover(linkAt(this.#links, stage.toPage(event.clientX, event.clientY)));
    });
    surface.addEventListener('pointerleave', () => this.#hover(null));
    // Keys on a link are the link's: OpenSeadragon takes those of its canvas.
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') event.stopPropagation();
    });
  }

  get links(): PageLink[] {
    return this.#off ? [] : this.#links;
  }

  /** While a tool is in the hand, links are nothing but what is drawn over. */
  set off(off: boolean) {
    this.#off = off;
    this.element.hidden = off;
    if (off) this.#hover(null);
  }

  show(links: PageLink[]): void {
    this.#hover(null);
    this.#links = links;
    this.#shown = links.map((link) => {
      const element = document.createElement('a');
      element.href = 'url' in link ? link.url : `#page=${link.page}`;
      element.rel = 'noopener noreferrer';
      element.setAttribute('aria-label', nameOf(link));
      element.addEventListener('click', (event) => {
        event.preventDefault();
        this.onFollow(link);
      });
      element.addEventListener('focus', () => this.onHover(link));
      element.addEventListener('blur', () => this.onHover(null));
      Object.assign(element.style, {
        left: `${link.x * 100}%`,
        top: `${link.y * 100}%`,
        width: `${link.w * 100}%`,
        height: `${link.h * 100}%`,
      });
      return element;
    });
    this.element.replaceChildren(...this.#shown);
    this.sync();
  }

  /** Follows the page; cheap, called every frame of a movement. */
  sync(): void {
    const place = this.stage.placement();
    if (!place) return;
    const { style } = this.element;
    style.transform = `translate(${place.left}px, ${place.top}px)`;
    style.width = `${place.width}px`;
    style.height = `${place.height}px`;
  }

  #hover(link: PageLink | null): void {
    if (link === this.#under) return;
    const mark = (of: PageLink | null, on: boolean) => {
      if (of) this.#shown[this.#links.indexOf(of)]?.classList.toggle('under', on);
    };
    mark(this.#under, false);
    mark(link, true);
    this.#under = link;
    this.stage.surface.classList.toggle('over-link', link !== null);
    this.onHover(link);
  }
}
