import type { Point } from '../../shared/types.ts';
import type { Size } from './geometry.ts';

/** Where the page lies in the element, in CSS px. */
export interface Placement {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What is drawn upon: knows the way from page to screen coordinates and back. */
export interface Ground {
  /** The element that overlays belong into. */
  readonly surface: HTMLElement;
  readonly page: (Size & { number: number }) | null;
  /** Screen px per page px: 1 at 100 %. */
  readonly scale: number;
  /** Where the page lies now, or null while none is open. */
  placement(): Placement | null;
  /** Client coordinates to page coordinates; outside the page the values leave 0..1. */
  toPage(clientX: number, clientY: number): Point;
  /** Zooms and pans at once, where the ground can. */
  gesture(x: number, y: number, dx: number, dy: number, factor: number): void;
}
