import type { ContentsEntry } from '../shared/types.ts';

/** The entry that a page belongs to: the first of those that lead to it, or to the nearest page before it; -1 if none does. */
export function entryOf(entries: ContentsEntry[], page: number): number {
  let found = -1;
  let best = 0;
  entries.forEach((entry, index) => {
    if (entry.page !== null && entry.page <= page && entry.page > best) {
      found = index;
      best = entry.page;
    }
  });
  return found;
}

/** Whether an entry has others below it. */
export function isParent(entries: ContentsEntry[], index: number): boolean {
  const next = entries[index + 1];
  const own = entries[index];
  return next !== undefined && own !== undefined && next.level > own.level;
}

/** The indexes of what is seen when what is below the closed ones is hidden. */
export function unfolded(entries: ContentsEntry[], closed: ReadonlySet<number>): number[] {
  const seen: number[] = [];
  let below = Infinity;
  entries.forEach((entry, index) => {
    if (entry.level > below) return;
    below = closed.has(index) ? entry.level : Infinity;
    seen.push(index);
  });
  return seen;
}
