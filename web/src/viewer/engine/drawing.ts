import type { Markup, MarkupKind, Point } from '../../shared/types.ts';
import { clampPoint, snap, thin } from './geometry.ts';
import type { Ground } from './ground.ts';

export interface Pen {
  color: string;
  width: number;
  opacity: number;
}

export interface DrawingEvents {
  onPreview(markup: Markup | null): void;
  onDrawn(markup: Markup, touch: boolean): void;
  /** A press with the text tool, its drag, and its end; page coordinates. */
  onText(phase: 'start' | 'move' | 'end', at: Point): void;
}

export type Tool = MarkupKind | 'text' | null;

/** A drag shorter than this (screen px) is a slip, not a shape. */
const SLIP_PX = 5;

/**
 * Turns pointer events on the overlay into markups while a tool is active. A second finger abandons the shape and
 * zooms instead; the wheel zooms; with no tool or with Space held the events go on to the page below.
 */
export class Drawing {
  tool: Tool = null;
  pen: Pen = { color: '#e5322d', width: 3, opacity: 1 };
  panning = false;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #path: Point[] = [];
  #drawing: number | null = null;
  #pinched = false;

  constructor(
    private readonly stage: Ground,
    private readonly element: HTMLElement,
    private readonly events: DrawingEvents,
  ) {
    element.addEventListener('pointerdown', this.#down);
    element.addEventListener('pointermove', this.#move);
    element.addEventListener('pointerup', this.#up);
    element.addEventListener('pointercancel', this.#cancel);
    element.addEventListener('wheel', this.#wheel, { passive: false });
    for (const type of ['mousedown', 'touchstart', 'click', 'dblclick'] as const) {
      element.addEventListener(type, (event) => {
        if (this.#active) event.stopPropagation();
      });
    }
  }

  get #active(): boolean {
    return this.tool !== null && !this.panning;
  }

  /** Abandons the shape being drawn; true when there was one. */
  cancel(): boolean {
    const was = this.#drawing !== null;
    this.#drawing = null;
    this.#path = [];
    this.events.onPreview(null);
    return was;
  }

  #markup(points: Point[], page: number): Markup | null {
    const kind = this.tool;
    if (kind === null || kind === 'text') return null;
    const highlight = kind === 'highlight';
    return {
      kind,
      page,
      points: points.map(clampPoint),
      color: this.pen.color,
      width: this.pen.width,
      opacity: highlight ? Math.min(this.pen.opacity, 0.4) : this.pen.opacity,
    };
  }

  #at(event: PointerEvent): Point {
    return this.stage.toPage(event.clientX, event.clientY);
  }

  #down = (event: PointerEvent): void => {
    if (!this.#active || (event.pointerType === 'mouse' && event.button !== 0)) return;
    event.stopPropagation();
    event.preventDefault();
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.element.setPointerCapture(event.pointerId);
    if (this.#pointers.size > 1) {
      this.#pinched = true;
      this.cancel();
      return;
    }
    this.#pinched = false;
    const at = this.#at(event);
    if (this.tool === 'text') {
      this.#drawing = event.pointerId;
      this.events.onText('start', at);
      return;
    }
    const [x, y] = at;
    if (x < -0.02 || y < -0.02 || x > 1.02 || y > 1.02) return;
    this.#drawing = event.pointerId;
    this.#path = [clampPoint(at)];
  };

  #move = (event: PointerEvent): void => {
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    event.stopPropagation();
    if (this.#pinched) {
      this.#pinch(event, last);
      return;
    }
    if (this.#drawing !== event.pointerId) return;
    if (this.tool === 'text') {
      this.events.onText('move', this.#at(event));
      return;
    }
    if (this.tool === 'freehand') {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length > 0 ? all : [event])
        this.#path.push(clampPoint(this.#at(each)));
    } else {
      this.#path = [this.#path[0]!, this.#end(event)];
    }
    const page = this.stage.page;
    if (page && this.tool !== 'pin') this.events.onPreview(this.#markup(this.#path, page.number));
  };

  #end(event: PointerEvent): Point {
    const at = this.#at(event);
    const page = this.stage.page;
    const start = this.#path[0];
    if (!event.shiftKey || !page || !start || this.tool === null || this.tool === 'text')
      return clampPoint(at);
    const from: Point = [start[0] * page.width, start[1] * page.height];
    const to = snap(this.tool, from, [at[0] * page.width, at[1] * page.height]);
    return clampPoint([to[0] / page.width, to[1] / page.height]);
  }

  #pinch(event: PointerEvent, last: { x: number; y: number }): void {
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    const now = { x: event.clientX, y: event.clientY };
    this.#pointers.set(event.pointerId, now);
    if (!other) return;
    const before = Math.hypot(last.x - other.x, last.y - other.y);
    const after = Math.hypot(now.x - other.x, now.y - other.y);
    this.stage.gesture(
      (now.x + other.x) / 2,
      (now.y + other.y) / 2,
      (now.x - last.x) / 2,
      (now.y - last.y) / 2,
      before > 0 ? after / before : 1,
    );
  }

  #up = (event: PointerEvent): void => {
    if (!this.#pointers.delete(event.pointerId)) return;
    event.stopPropagation();
    if (this.#drawing !== event.pointerId) return;
    this.#drawing = null;
    const page = this.stage.page;
    if (this.tool === 'text') {
      this.events.onText('end', this.#at(event));
      return;
    }
    this.events.onPreview(null);
    const path = this.#path;
    this.#path = [];
    if (!page) return;
    if (this.tool !== 'freehand' && this.tool !== 'pin' && path[0]) {
      this.#path = [path[0]];
      path[1] = this.#end(event);
      this.#path = [];
    }
    const points =
      this.tool === 'pin'
        ? path.slice(0, 1)
        : this.tool === 'freehand'
          ? this.#thinned(path)
          : path;
    if (this.tool !== 'pin' && this.#tiny(points)) return;
    const markup = this.#markup(points, page.number);
    if (markup) this.events.onDrawn(markup, event.pointerType === 'touch');
  };

  #thinned(path: Point[]): Point[] {
    // Half a screen px, measured along the page's width: finer detail cannot be seen while drawing.
    return thin(path, 0.5 / ((this.stage.page?.width ?? 1000) * this.stage.scale));
  }

  #tiny(points: Point[]): boolean {
    const page = this.stage.page;
    if (!page || points.length < 2) return true;
    const xs = points.map((p) => p[0] * page.width * this.stage.scale);
    const ys = points.map((p) => p[1] * page.height * this.stage.scale);
    const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
    return span < SLIP_PX;
  }

  #cancel = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    if (this.#drawing === event.pointerId) this.cancel();
  };

  #wheel = (event: WheelEvent): void => {
    if (!this.#active) return;
    event.stopPropagation();
    event.preventDefault();
    this.stage.gesture(event.clientX, event.clientY, 0, 0, event.deltaY < 0 ? 1.15 : 1 / 1.15);
  };
}
