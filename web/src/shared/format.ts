import type { Overall, Role } from './types.ts';

let zone: string | undefined;

/** Shows times in this IANA zone from now on; an unknown name keeps the browser's. */
export function useTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    zone = name;
  } catch {
    zone = undefined;
  }
}

/** "24 Nov" or "24 Nov 2025" outside the current year. */
export function day(iso: string, now = new Date()): string {
  const at = new Date(iso);
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: at.getUTCFullYear() === now.getUTCFullYear() ? undefined : 'numeric',
    timeZone: zone,
  }).format(at);
}

/** "24 Nov, 17:00" */
export function dayTime(iso: string): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(new Date(iso));
  return `${day(iso)}, ${time}`;
}

/** "just now", "5 min ago", "3 h ago", "yesterday", then the date. */
export function ago(iso: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 48 * 60) return 'yesterday';
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / 1440)} days ago`;
  return day(iso);
}

/** "in 3 h", "in 2 days", "2 days late" for a deadline. */
export function until(iso: string, now = Date.now()): string {
  const minutes = Math.round((Date.parse(iso) - now) / 60_000);
  const span = Math.abs(minutes);
  const text =
    span < 60
      ? `${span} min`
      : span < 36 * 60
        ? `${Math.round(span / 60)} h`
        : `${Math.round(span / 1440)} days`;
  return minutes < 0 ? `${text} late` : `in ${text}`;
}

/** A deadline in few words; once it no longer presses (met, or the proof is closed) just its date. */
export function due(deadline: string, late: boolean, now = Date.now()): string {
  return late || Date.parse(deadline) > now ? until(deadline, now) : day(deadline, new Date(now));
}

/** "4.2 MB" */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 'B';
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  const shown = value < 10 ? value.toFixed(1).replace('.0', '') : Math.round(value);
  return `${shown} ${unit}`;
}

/** Up to two letters for an avatar. */
export function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/u).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** "1 page", "3 pages" */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export const DECISIONS: Record<Overall, string> = {
  pending: 'Pending',
  changes_required: 'Changes required',
  approved_with_changes: 'Approved with changes',
  approved: 'Approved',
  not_relevant: 'Not relevant',
  none: 'No decision needed',
};

export const ROLES: Record<Role, string> = {
  read_only: 'Read only',
  reviewer: 'Reviewer',
  approver: 'Approver',
  reviewer_approver: 'Reviewer & approver',
  author: 'Author',
  moderator: 'Moderator',
};

/** The part of an absolute link that this page may follow: links carry the public address of the server. */
export function localPath(link: string): string {
  try {
    return new URL(link, location.origin).pathname;
  } catch {
    return link;
  }
}

/** The words of a text that may hold simple HTML. Nothing of it is ever put into the page as HTML. */
export function plainText(html: string): string {
  const text = html.replace(/<(br|\/p|\/div)\b[^>]*>/gi, '\n');
  return (new DOMParser().parseFromString(text, 'text/html').body.textContent ?? '').trim();
}
