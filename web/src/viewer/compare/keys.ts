import type { Stage } from '../engine/stage.ts';
import { playKey } from '../keys.ts';
import type { Ui } from '../ui.svelte.ts';
import { placeOf } from './axis.ts';
import { type Mode, type Side, SIDES } from './changes.ts';
import type { CompareState } from './state.svelte.ts';

const MODES: Record<string, Mode> = { '1': 'side', '2': 'swipe', '3': 'fade' };
const FITS = { '0': 'page', '1': 'actual', '2': 'width', '3': 'height' } as const;

/** Goes to the next or previous comment of both versions, in the order of their time. */
function stepComment(compare: CompareState, by: 1 | -1): void {
  const { duo } = compare.sides;
  if (!duo) return;
  const all = SIDES.flatMap((side) =>
    (compare.links[side]?.comments ?? []).flatMap((comment) => {
      if (!comment.time) return [];
      const at = placeOf(duo.axis, side, duo.players[side].recording, comment.time.from);
      return [{ side, comment, at }];
    }),
  ).sort((a, b) => a.at - b.at || a.comment.number - b.comment.number);
  const here = all.findIndex(({ side, comment }) => compare.opened[side] === comment.id);
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
  if (next) compare.showMoment(next.side, next.comment);
}

/** Handles a key of the comparison. What is typed into fields stays theirs. */
export function onCompareKey(
  event: KeyboardEvent,
  compare: CompareState,
  ui: Ui,
  lead: { side: Side; stage: Stage | null; close: () => void },
): void {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = event.target as HTMLElement | null;
  const { common, sides } = compare;
  if (event.ctrlKey || event.metaKey) {
    if (!(key in FITS)) return;
    event.preventDefault();
    lead.stage?.setFit(FITS[key as keyof typeof FITS]);
    return;
  }
  if (event.altKey || target?.closest('select, input')) return;
  const plays = sides.duo ?? sides.players[lead.side];
  if (plays && playKey(event, key, plays, ui)) {
    event.preventDefault();
    return;
  }
  const turn = (by: 1 | -1) => {
    if (compare.medium(lead.side) === 'pages') compare.turn(lead.side, by);
  };
  if (key === 'n') compare.step(1);
  else if (key === 'p') compare.step(-1);
  else if (key === 'h') compare.highlight = !compare.highlight;
  else if (key === 's') compare.set({ newerLeft: !compare.settings.newerLeft });
  else if (key in MODES && common === 'pages') compare.mode = MODES[key]!;
  else if (key === 'ArrowRight' || key === 'PageDown') turn(1);
  else if (key === 'ArrowLeft' || key === 'PageUp') turn(-1);
  else if (key === 'ArrowDown' && sides.duo) stepComment(compare, 1);
  else if (key === 'ArrowUp' && sides.duo) stepComment(compare, -1);
  else if (key === '+' || key === '=') lead.stage?.zoomBy(1.25);
  else if (key === '-') lead.stage?.zoomBy(1 / 1.25);
  else if (key === 'Escape') {
    if (ui.sheet !== 'closed') ui.sheet = 'closed';
    else if (SIDES.some((side) => compare.opened[side] !== null))
      compare.opened = { older: null, newer: null };
    else lead.close();
  } else return;
  event.preventDefault();
}
