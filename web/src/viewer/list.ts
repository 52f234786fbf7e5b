import type { Comment, Time } from '../shared/types.ts';

export type Sort = 'oldest' | 'latest' | 'page' | 'author';

export interface CommentFilter {
  /** Matches text, author and replies; "#7" or "7" matches the number. */
  query: string;
  unresolved: boolean;
  /** Only comments on this page, or null for all. */
  page: number | null;
  /** Only threads this person wrote in, or null for everybody. */
  author: string | null;
}

export const NO_FILTER: CommentFilter = { query: '', unresolved: false, page: null, author: null };

export function isFiltered(filter: CommentFilter): boolean {
  return (
    filter.query.trim() !== '' ||
    filter.unresolved ||
    filter.page !== null ||
    filter.author !== null
  );
}

/** The pages a comment is about: those of its markups, else its own page. */
export function pagesOf(comment: Comment): number[] {
  const pages = new Set(comment.markups.map((markup) => markup.page));
  if (pages.size === 0 && comment.page !== null) pages.add(comment.page);
  return [...pages];
}

/** Whether something about this time is seen at a frame, or so many later. What has no time is always seen. */
export function isAt(time: Time | null, frame: number, linger = 0): boolean {
  if (time === null) return true;
  return frame >= time.from && frame <= Math.max(time.to ?? time.from, time.from + linger);
}

/** Seconds for which markups stay while a film plays: what is seen for a frame is gone before one has looked. */
const LINGER = 0.8;

/** What belongs to the moment that a player shows. */
export function seenAt<T extends { time: Time | null }>(
  comments: readonly T[],
  player: { frame: number; playing: boolean; recording: { rate: [number, number] } },
): T[] {
  const [frames, seconds] = player.recording.rate;
  const linger = player.playing ? Math.round((LINGER * frames) / seconds) : 0;
  return comments.filter((comment) => isAt(comment.time, player.frame, linger));
}

/** The list from before if the new one is the same: what is drawn from it need not be drawn anew. */
export function unchanged<T>(before: T[], now: T[]): T[] {
  const same = now.length === before.length && now.every((each, at) => each === before[at]);
  return same ? before : now;
}

export function matches(comment: Comment, filter: CommentFilter): boolean {
  if (filter.unresolved && comment.resolved) return false;
  if (filter.page !== null && !pagesOf(comment).includes(filter.page)) return false;
  const people = [comment.author, ...comment.replies.map((reply) => reply.author)];
  if (filter.author !== null && !people.includes(filter.author)) return false;
  const query = filter.query.trim().toLocaleLowerCase();
  if (query === '') return true;
  if (/^#?\d+$/.test(query) && Number(query.replace('#', '')) === comment.number) return true;
  const texts = [comment.text, ...people, ...comment.replies.map((reply) => reply.text)];
  return texts.some((text) => text.toLocaleLowerCase().includes(query));
}

/** A sorted copy; ties keep the order of numbers. General comments come before page 1. */
export function sorted(comments: readonly Comment[], sort: Sort): Comment[] {
  const first = (comment: Comment) => Math.min(...pagesOf(comment), Infinity);
  const page = (comment: Comment) => (pagesOf(comment).length === 0 ? 0 : first(comment));
  const time = (comment: Comment) => comment.time?.from ?? -1;
  const by: Record<Sort, (a: Comment, b: Comment) => number> = {
    oldest: () => 0,
    latest: (a, b) => b.number - a.number,
    page: (a, b) => page(a) - page(b) || time(a) - time(b),
    author: (a, b) => a.author.localeCompare(b.author),
  };
  return [...comments].sort((a, b) => by[sort](a, b) || a.number - b.number);
}
