import type { Markup, Point, Rect } from '../../shared/types.ts';
import { groupCentre, pathData } from './geometry.ts';
import type { Ground } from './ground.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** A saved comment as the overlay needs it. */
export interface MarkedComment {
  id: number;
  number: number;
  author: string;
  resolved: boolean;
  markups: Markup[];
}

/** Everything that is drawn over the page. */
export interface Scene {
  comments: MarkedComment[];
  selected: number | null;
  hovered: number | null;
  draft: Markup[];
  draftSelected: number | null;
  /** Number the comment being written will get, for its pin. */
  draftNumber: number;
  /** Search hits on this page; `current` is the index of the active one. */
  hits: Rect[];
  currentHit: Rect[];
  selection: Rect[];
  showMarkups: boolean;
}

function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/**
 * Draws markups, pins, search hits and selected text over the page. Shapes live in page px inside one group whose
 * transform follows the page, so they stay aligned at every zoom and their widths scale; pins keep their size.
 */
export class Overlay {
  readonly element: HTMLDivElement;
  readonly #shapes: SVGGElement;
  readonly #preview: SVGGElement;
  readonly #pins: HTMLDivElement;
  #anchors: { element: HTMLElement; at: Point }[] = [];

  constructor(
    private readonly stage: Ground,
    private readonly onPin: (id: number) => void,
  ) {
    this.element = document.createElement('div');
    this.element.className = 'overlay';
    const root = svg('svg', { 'aria-hidden': 'true' });
    this.#shapes = svg('g');
    this.#preview = svg('g');
    root.append(this.#shapes, this.#preview);
    this.#pins = document.createElement('div');
    this.#pins.className = 'pins';
    this.#pins.setAttribute('role', 'group');
    this.#pins.setAttribute('aria-label', 'Comment pins on this page');
    this.element.append(root, this.#pins);
    stage.surface.append(this.element);
    // A press on a pin is for the pin: OpenSeadragon would capture the pointer and swallow the click.
    for (const type of ['pointerdown', 'mousedown', 'touchstart', 'keydown'] as const) {
      this.#pins.addEventListener(type, (event) => event.stopPropagation());
    }
  }

  /** Follows the page; cheap, called every frame of a movement. */
  sync(): void {
    const place = this.stage.placement();
    const page = this.stage.page;
    // Between two pages there is nothing to align with.
    this.element.style.visibility = place ? 'visible' : 'hidden';
    if (!place || !page) return;
    const sx = place.width / page.width;
    const sy = place.height / page.height;
    const transform = `translate(${place.left} ${place.top}) scale(${sx} ${sy})`;
    this.#shapes.setAttribute('transform', transform);
    this.#preview.setAttribute('transform', transform);
    // Hairlines stay visible when zoomed far out.
    this.element.style.setProperty('--hairline', `${1.4 / sx}px`);
    for (const { element, at } of this.#anchors) {
      const x = place.left + at[0] * place.width;
      const y = place.top + at[1] * place.height;
      element.style.transform = `translate(${x}px, ${y}px)`;
    }
  }

  /** Draws the page's scene anew. */
  render(scene: Scene): void {
    const page = this.stage.page;
    if (!page) return;
    const shapes: SVGElement[] = [];
    for (const rect of scene.hits) shapes.push(this.#rect(rect, 'hit'));
    for (const rect of scene.currentHit) shapes.push(this.#rect(rect, 'hit current'));
    for (const rect of scene.selection) shapes.push(this.#rect(rect, 'selection'));

    const order = [...scene.comments].sort(
      (a, b) => Number(a.id === scene.selected) - Number(b.id === scene.selected),
    );
    this.#anchors = [];
    const pins: HTMLElement[] = [];
    for (const comment of order) {
      const selected = comment.id === scene.selected;
      if (!scene.showMarkups && !selected) continue;
      const state = selected
        ? 'selected'
        : comment.id === scene.hovered
          ? 'hovered'
          : comment.resolved
            ? 'resolved'
            : 'resting';
      for (const markup of comment.markups) {
        if (markup.page === page.number) shapes.push(...this.#shape(markup, state));
      }
    }
    for (const comment of scene.comments) {
      const selected = comment.id === scene.selected;
      const centre = groupCentre(comment.markups, page.number);
      if (!centre || (!scene.showMarkups && !selected)) continue;
      const pin = document.createElement('button');
      pin.type = 'button';
      pin.className = 'pin';
      pin.classList.toggle('selected', selected);
      pin.classList.toggle('resolved', comment.resolved);
      pin.dataset.id = String(comment.id);
      pin.dataset.testid = 'pin';
      pin.style.setProperty('--pin', comment.markups[0]?.color ?? '#3450e0');
      pin.textContent = String(comment.number);
      pin.setAttribute(
        'aria-label',
        `Comment ${comment.number} by ${comment.author}${comment.resolved ? ', resolved' : ''}`,
      );
      pin.setAttribute('aria-pressed', String(selected));
      pin.addEventListener('click', () => this.onPin(comment.id));
      this.#anchors.push({ element: pin, at: centre });
      pins.push(pin);
    }

    scene.draft.forEach((markup, index) => {
      if (markup.page !== page.number) return;
      shapes.push(...this.#shape(markup, index === scene.draftSelected ? 'picked' : 'draft'));
    });
    const centre = groupCentre(scene.draft, page.number);
    if (centre) {
      const pin = document.createElement('span');
      pin.className = 'pin selected';
      pin.style.setProperty('--pin', scene.draft[0]?.color ?? '#3450e0');
      pin.textContent = String(scene.draftNumber);
      pin.setAttribute('aria-hidden', 'true');
      this.#anchors.push({ element: pin, at: centre });
      pins.push(pin);
    }
    const focused = this.#pins.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.id
      : undefined;
    this.#shapes.replaceChildren(...shapes);
    this.#pins.replaceChildren(...pins);
    if (focused) this.#pins.querySelector<HTMLElement>(`[data-id="${focused}"]`)?.focus();
    this.sync();
  }

  /** Shows the shape under the pointer while it is being drawn; null removes it. */
  preview(markup: Markup | null): void {
    this.#preview.replaceChildren(...(markup ? this.#shape(markup, 'draft') : []));
  }

  #rect(rect: Rect, name: string): SVGElement {
    const { width, height } = this.stage.page!;
    return svg('rect', {
      class: name,
      x: String(rect.x * width),
      y: String(rect.y * height),
      width: String(rect.w * width),
      height: String(rect.h * height),
      rx: '1.5',
    });
  }

  #shape(markup: Markup, state: string): SVGElement[] {
    const page = this.stage.page!;
    if (markup.kind === 'pin') {
      const [x, y] = markup.points[0] ?? [0, 0];
      const dot = svg('circle', {
        class: `shape pin-dot ${state}`,
        cx: String(x * page.width),
        cy: String(y * page.height),
        r: '3',
        fill: markup.color,
      });
      return [dot];
    }
    const d = pathData(markup, page);
    const path = svg('path', { class: `shape ${markup.kind} ${state}`, d });
    path.style.setProperty('--w', `${markup.width}px`);
    path.style.opacity = String(
      markup.opacity * (state === 'resting' ? 0.55 : state === 'resolved' ? 0.25 : 1),
    );
    if (markup.kind === 'highlight') path.style.fill = markup.color;
    else path.setAttribute('stroke', markup.color);
    if (state !== 'selected' && state !== 'picked') return [path];
    const halo = svg('path', { class: `halo ${markup.kind} ${state}`, d });
    halo.style.setProperty('--w', `${markup.width}px`);
    return [halo, path];
  }
}
