import OpenSeadragon from 'openseadragon';
import type { Page, Point } from '../../shared/types.ts';
import { clamp } from './geometry.ts';
import type { Ground, Placement } from './ground.ts';

export type Fit = 'page' | 'width' | 'height' | 'actual';

export interface StageEvents {
  /** The page moved or was zoomed. */
  onView(): void;
  /** A click or tap that was not a drag, in client coordinates. */
  onTap(x: number, y: number): void;
  /** A horizontal swipe while the whole page is visible. */
  onSwipe(direction: 1 | -1): void;
}

const MARGIN = 24;
const MARGIN_NARROW = 8;

/**
 * The tiled page: owns OpenSeadragon and knows the way from page to screen coordinates and back.
 * Page coordinates are 0..1 of the page's width and height.
 */
export class Stage implements Ground {
  readonly #osd: OpenSeadragon.Viewer;
  readonly #paper: HTMLDivElement;
  #film: HTMLElement | null = null;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  #page: Page | null = null;
  #fit: Fit | null = 'page';
  #opening = 0;
  #covered = 0;

  constructor(
    readonly element: HTMLElement,
    private readonly tilesOf: (page: Page) => string,
    private readonly events: StageEvents,
  ) {
    this.#paper = document.createElement('div');
    this.#paper.className = 'paper';
    element.append(this.#paper);
    const host = document.createElement('div');
    host.className = 'osd';
    element.append(host);
    this.#osd = new OpenSeadragon.Viewer({
      element: host,
      drawer: 'canvas',
      showNavigationControl: false,
      crossOriginPolicy: false,
      animationTime: this.#calm ? 0 : 0.35,
      springStiffness: 9,
      blendTime: 0,
      alwaysBlend: false,
      immediateRender: true,
      imageLoaderLimit: 6,
      maxImageCacheCount: 240,
      timeout: 60_000,
      tileRetryMax: 3,
      tileRetryDelay: 1500,
      visibilityRatio: 0.3,
      minZoomImageRatio: 0.35,
      maxZoomPixelRatio: 6,
      zoomPerScroll: 1.15,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, flickEnabled: false },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, flickEnabled: true },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: false },
    } as OpenSeadragon.Options);
    this.#osd.addHandler('update-viewport', () => this.#moved());
    this.#osd.addHandler('animation', () => this.#moved());
    this.#osd.addHandler('open', () => this.#opened());
    this.#osd.addHandler('resize', () => requestAnimationFrame(() => this.refit()));
    // The app's own keys drive the page; OpenSeadragon's (arrows pan, r rotates …) would do something else as well.
    this.#osd.addHandler('canvas-key', (event) => {
      event.preventDefaultAction = true;
    });
    this.#osd.addHandler('canvas-click', (event) => {
      if (!event.quick) return;
      const { left, top } = host.getBoundingClientRect();
      this.events.onTap(event.position.x + left, event.position.y + top);
    });
    this.#osd.addHandler('canvas-drag', () => this.#userMoved());
    this.#osd.addHandler('canvas-pinch', () => this.#userMoved());
    this.#osd.addHandler('canvas-scroll', () => this.#userMoved());
    this.#osd.addHandler('canvas-double-click', () => this.#userMoved());
    this.#osd.addHandler('canvas-drag-end', (event) => {
      const { speed, direction } = event as unknown as { speed: number; direction: number };
      if (speed < 500 || !this.#wholePageWide()) return;
      if (Math.abs(Math.cos(direction)) > 0.9)
        this.events.onSwipe(Math.cos(direction) < 0 ? 1 : -1);
    });
  }

  /** The element inside OpenSeadragon that overlays belong into, so that drags and wheels reach both. */
  get surface(): HTMLElement {
    return this.#osd.canvas as HTMLElement;
  }

  get page(): Page | null {
    return this.#page;
  }

  /** The fit in force, or null after the person moved the page. */
  get fit(): Fit | null {
    return this.#fit;
  }

  destroy(): void {
    this.#osd.destroy();
    this.element.replaceChildren();
  }

  /** Lays what a browser plays over the page, below the markups; null takes it away. */
  play(url: string | null): void {
    if (url === null) return this.lay(null);
    const film = document.createElement('img');
    film.className = 'film';
    film.alt = '';
    film.src = url;
    this.lay(film);
  }

  /** Lays an element over the page, below the markups; null takes it away. */
  lay(film: HTMLElement | null): void {
    if (film === this.#film) return;
    this.#film?.remove();
    this.#film = film;
    if (!film) return;
    this.surface.append(film);
    this.#moved();
  }

  /** Shows a page. Keeps the fit; after a manual zoom keeps the scale and goes to the top of the page. */
  open(page: Page): void {
    const again = this.#page?.number === page.number;
    this.#page = page;
    const scale = this.scale;
    this.#paper.style.backgroundImage = `url("${page.thumbnail_url}")`;
    const { size, width, height, max_level } = page.tiles;
    const base = this.tilesOf(page);
    const keepScale = this.#fit === null && !again ? scale : null;
    const opening = ++this.#opening;
    this.#osd.addOnceHandler('open', () => {
      if (opening !== this.#opening) return;
      if (keepScale !== null) this.#placeTop(keepScale);
    });
    this.#osd.open({
      width,
      height,
      tileSize: size,
      tileOverlap: 0,
      minLevel: 0,
      maxLevel: max_level,
      getTileUrl: (level: number, x: number, y: number) => `${base}/${level}/${x}/${y}`,
    } as unknown as OpenSeadragon.TileSourceSpecifier);
  }

  #opened(): void {
    if (this.#fit) this.setFit(this.#fit, true);
    const image = this.#osd.world.getItemAt(0);
    const page = this.#page;
    image?.addHandler('fully-loaded-change', (event) => {
      const { fullyLoaded } = event as unknown as { fullyLoaded: boolean };
      // A transparent page must not show its thumbnail through the tiles.
      if (fullyLoaded && this.#page === page) this.#paper.style.backgroundImage = 'none';
    });
    this.#moved();
  }

  #userMoved(): void {
    this.#fit = null;
  }

  #moved(): void {
    const place = this.placement();
    if (!place) return;
    // Half a px smaller all around, or it shines through at the edges of dark pages.
    this.#paper.style.transform = `translate(${place.left + 0.5}px, ${place.top + 0.5}px)`;
    this.#paper.style.width = `${place.width - 1}px`;
    this.#paper.style.height = `${place.height - 1}px`;
    if (this.#film) {
      // Half a px larger all around, or the page shines through at the edges.
      this.#film.style.transform = `translate(${place.left - 0.5}px, ${place.top - 0.5}px)`;
      this.#film.style.width = `${place.width + 1}px`;
      this.#film.style.height = `${place.height + 1}px`;
    }
    this.events.onView();
  }

  /** Where the page lies now, or null while none is open. */
  placement(): Placement | null {
    const image = this.#osd.world.getItemAt(0);
    if (!image || !this.#page) return null;
    const bounds = image.getBounds(true);
    const view = this.#osd.viewport;
    const a = view.pixelFromPoint(bounds.getTopLeft(), true);
    const b = view.pixelFromPoint(bounds.getBottomRight(), true);
    return { left: a.x, top: a.y, width: b.x - a.x, height: b.y - a.y };
  }

  /** Screen px per page px: 1 at 100 %. */
  get scale(): number {
    const place = this.placement();
    return place && this.#page ? place.width / this.#page.width : 1;
  }

  /** Client coordinates to page coordinates; outside the page the values leave 0..1. */
  toPage(clientX: number, clientY: number): Point {
    const place = this.placement() ?? { left: 0, top: 0, width: 1, height: 1 };
    const { left, top } = this.element.getBoundingClientRect();
    return [
      (clientX - left - place.left) / place.width,
      (clientY - top - place.top) / place.height,
    ];
  }

  #wholePageWide(): boolean {
    const place = this.placement();
    return place !== null && place.width <= this.element.clientWidth + 2;
  }

  /** Height (CSS px) at the bottom that something else covers; fits and {@link reveal} keep clear of it. */
  set covered(height: number) {
    if (height === this.#covered) return;
    this.#covered = height;
    this.refit();
  }

  /** Size of the area a fitted page may fill, with its margins. */
  #room(): { width: number; height: number; top: number } {
    const m = this.#margin();
    const { clientWidth, clientHeight } = this.element;
    return {
      width: clientWidth - 2 * m,
      height: clientHeight - m - Math.max(m, this.#covered),
      top: m,
    };
  }

  #margin(): number {
    return this.element.clientWidth < 600 ? MARGIN_NARROW : MARGIN;
  }

  /** Zooms to a fit and keeps it while the window changes. */
  setFit(fit: Fit, immediately = this.#calm): void {
    this.#fit = fit;
    const page = this.#page;
    const image = this.#osd.world.getItemAt(0);
    const room = this.#room();
    if (!page || !image || room.width <= 0 || room.height <= 0) return;
    const byWidth = room.width / page.width;
    const byHeight = room.height / page.height;
    const scale = {
      page: Math.min(byWidth, byHeight),
      width: byWidth,
      height: byHeight,
      actual: 1,
    }[fit];
    this.#placeTop(scale, immediately);
    this.#fit = fit;
  }

  /** Applies the current fit again, after the element changed its size. */
  refit(): void {
    if (this.#fit) this.setFit(this.#fit, true);
    else this.#moved();
  }

  /** Centres the page in the room there is, or shows its top when it is taller. */
  #placeTop(scale: number, immediately = true): void {
    const page = this.#page;
    if (!page) return;
    const room = this.#room();
    const height = page.height * scale;
    const top = room.top + Math.max(0, (room.height - height) / 2);
    this.#place(scale, 0.5, (this.element.clientHeight / 2 - top) / height, immediately);
  }

  /** Puts the page point (cx, cy) into the middle of the element at the given scale. */
  #place(scale: number, cx: number, cy: number, immediately: boolean): void {
    const page = this.#page;
    const image = this.#osd.world.getItemAt(0);
    if (!page || !image) return;
    const view = this.#osd.viewport;
    const bounds = image.getBounds();
    view.zoomTo((scale * page.width) / this.element.clientWidth, undefined, immediately);
    view.panTo(
      new OpenSeadragon.Point(bounds.x + cx * bounds.width, bounds.y + cy * bounds.height),
      immediately,
    );
  }

  /** What is in the middle of the element, in page coordinates, and the scale. */
  get view(): { x: number; y: number; scale: number } | null {
    const place = this.placement();
    if (!place) return null;
    const { clientWidth, clientHeight } = this.element;
    return {
      x: (clientWidth / 2 - place.left) / place.width,
      y: (clientHeight / 2 - place.top) / place.height,
      scale: this.scale,
    };
  }

  /** Shows the same as another stage does. */
  show({ x, y, scale }: { x: number; y: number; scale: number }): void {
    this.#fit = null;
    this.#place(scale, x, y, true);
  }

  /** Zooms about the middle of the view. */
  zoomBy(factor: number): void {
    this.#userMoved();
    this.#osd.viewport.zoomBy(factor, undefined, this.#calm);
    this.#osd.viewport.applyConstraints();
  }

  /** Sets the scale (1 = 100 %), keeping the middle of the view. */
  zoomTo(scale: number): void {
    this.zoomBy(scale / this.scale);
  }

  /** Zooms and pans at once under two fingers or a wheel; all in CSS px, `x`/`y` in client coordinates. */
  gesture(x: number, y: number, dx: number, dy: number, factor: number): void {
    this.#userMoved();
    const view = this.#osd.viewport;
    const { left, top } = this.element.getBoundingClientRect();
    view.panBy(view.deltaPointsFromPixels(new OpenSeadragon.Point(-dx, -dy), true), true);
    if (factor !== 1)
      view.zoomBy(
        factor,
        view.pointFromPixel(new OpenSeadragon.Point(x - left, y - top), true),
        true,
      );
    view.applyConstraints(true);
  }

  /** Pans by CSS px. */
  panBy(dx: number, dy: number): void {
    this.#userMoved();
    const view = this.#osd.viewport;
    view.panBy(view.deltaPointsFromPixels(new OpenSeadragon.Point(dx, dy)), this.#calm);
    view.applyConstraints();
  }

  /** Pans so that a page point is comfortably visible; does nothing when it already is. Keeps the fit for later. */
  reveal([x, y]: Point): void {
    const place = this.placement();
    if (!place) return;
    const { clientWidth: w, clientHeight } = this.element;
    const h = clientHeight - this.#covered;
    const px = place.left + x * place.width;
    const py = place.top + y * place.height;
    const edge = Math.min(64, w / 5, h / 5);
    const dx = px - clamp(px, edge, w - edge);
    const dy = py - clamp(py, edge, h - edge);
    if (dx === 0 && dy === 0) return;
    const view = this.#osd.viewport;
    view.panBy(view.deltaPointsFromPixels(new OpenSeadragon.Point(dx, dy)), this.#calm);
  }
}
