import type { Difference, PagePair, Place, Rect, TextChange } from '../../shared/types.ts';

export type Side = 'older' | 'newer';
export const SIDES: readonly Side[] = ['newer', 'older'];
export type Mode = 'side' | 'swipe' | 'fade';
export type Tab = 'areas' | 'text';

/** What is known of the differences of two pages. */
export type Finding =
  | { state: 'working' }
  | { state: 'found'; difference: Difference }
  | { state: 'failed'; message: string };

/** One thing that changed, somewhere in the document. */
export interface Change {
  /** Place in the pairs of pages. */
  pair: number;
  /** Number within its page, from 1. */
  number: number;
  place: { older: Rect | null; newer: Rect | null };
  area: Place | null;
  text: TextChange | null;
}

/** Names what is found of two pages. */
export function pairKey(pair: PagePair): string {
  return `${pair.older}-${pair.newer}`;
}

export function inBoth(pair: PagePair): boolean {
  return pair.older !== null && pair.newer !== null;
}

export function ofArea(area: Place): Omit<Change, 'pair' | 'number'> {
  return { place: area, area, text: null };
}

export function ofText(text: TextChange): Omit<Change, 'pair' | 'number'> {
  const place = { older: text.older[0] ?? null, newer: text.newer[0] ?? null };
  return { place, area: null, text };
}

export function opposite(side: Side): Side {
  return side === 'older' ? 'newer' : 'older';
}
