import type { Tool } from './engine/drawing.ts';
import { nextSpeed, type Transport } from './player.svelte.ts';
import type { ViewerState } from './state.svelte.ts';
import { focusComposer, type Ui } from './ui.svelte.ts';

const TOOL_KEYS: Record<string, Tool> = {
  p: 'pin',
  r: 'rectangle',
  a: 'arrow',
  l: 'line',
  f: 'freehand',
  h: 'highlight',
  t: 'text',
  v: null,
};

const FIT_KEYS = { '0': 'page', '1': 'actual', '2': 'width', '3': 'height' } as const;

/** Opens the box for a new comment, wherever the layout keeps it. */
export function startComment(viewer: ViewerState, ui: Ui): void {
  if (!viewer.link?.can.comment) return;
  viewer.composer.open = true;
  viewer.selected = null;
  viewer.takeMoment();
  if (ui.phone) {
    ui.sheet = 'closed';
    if (viewer.player?.recording.picture !== false) viewer.composer.tool ??= 'pin';
  } else {
    if (!ui.comments) ui.toggle('comments');
    focusComposer();
  }
}

function stepComment(viewer: ViewerState, step: 1 | -1): void {
  const { visible } = viewer;
  if (visible.length === 0) return;
  const at = visible.findIndex((comment) => comment.id === viewer.selected);
  const next = visible[at < 0 ? (step > 0 ? 0 : visible.length - 1) : at + step];
  if (!next) return;
  const page = next.markups[0]?.page ?? next.page;
  if (page !== null && page !== undefined) viewer.goTo(page);
  viewer.selected = next.id;
  viewer.showMoment(next);
  viewer.showScreen(next);
}

function escape(viewer: ViewerState, ui: Ui): void {
  const { composer } = viewer;
  if (composer.tool !== null) composer.tool = null;
  else if (composer.picked !== null) composer.picked = null;
  else if (composer.open && composer.empty) composer.clear();
  else if (viewer.selected !== null) viewer.selected = null;
  else if (ui.sheet !== 'closed') ui.sheet = 'closed';
}

/** Keys of the player come before those of pages and tools. */
export function playKey(event: KeyboardEvent, key: string, player: Transport, ui: Ui): boolean {
  // A button keeps the space that presses it.
  if (key === ' ' && event.target instanceof HTMLButtonElement) return false;
  if (key === ' ' || key === 'k') player.toggle();
  else if (event.key === '>') player.setSpeed(nextSpeed(player.speed, 1));
  else if (event.key === '<') player.setSpeed(nextSpeed(player.speed, -1));
  else if (key === 'ArrowRight' || key === '.') player.step(event.shiftKey ? 10 : 1);
  else if (key === 'ArrowLeft' || key === ',') player.step(event.shiftKey ? -10 : -1);
  else if (key === 'l') player.jump(5);
  else if (key === 'j') player.jump(-5);
  else if (key === 'Home') player.seek(0);
  else if (key === 'End') player.seek(player.last);
  else if (key === 'm') player.preferences.toggleMuted();
  else if (key === 'f') ui.toggleFullScreen();
  else return false;
  return true;
}

/** Handles a key of the viewer. Keys typed into fields and dialogs stay theirs. */
export function onKey(event: KeyboardEvent, viewer: ViewerState, ui: Ui): void {
  const { composer } = viewer;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = event.target as HTMLElement | null;
  if (!viewer.link || ui.dialog !== null) return;
  if (control && key === 'f' && !viewer.player && !viewer.frame) {
    event.preventDefault();
    ui.searching = true;
    return;
  }
  if (control && key in FIT_KEYS) {
    event.preventDefault();
    ui.setFit(FIT_KEYS[key as keyof typeof FIT_KEYS]);
    return;
  }
  if (control && key === 'g' && viewer.hits.length > 0) {
    event.preventDefault();
    viewer.stepHit(event.shiftKey ? -1 : 1);
    return;
  }
  if (target?.closest('input, textarea, select, [role="menu"]')) return;
  if (control && key === 'z') {
    event.preventDefault();
    if (event.shiftKey) composer.redo();
    else composer.undo();
  } else if (control && key === 'y') {
    event.preventDefault();
    composer.redo();
  } else if (key === '+' || key === '=') {
    event.preventDefault();
    ui.stage?.zoomBy(1.25);
  } else if (key === '-') {
    event.preventDefault();
    ui.stage?.zoomBy(1 / 1.25);
  } else if (control || event.altKey) {
    return;
  } else if (viewer.player && playKey(event, key, viewer.player, ui)) {
    event.preventDefault();
  } else if (key === 'ArrowRight' || key === 'PageDown') {
    // A panel that has the focus would scroll as well.
    event.preventDefault();
    viewer.goTo(viewer.page + 1);
  } else if (key === 'ArrowLeft' || key === 'PageUp') {
    event.preventDefault();
    viewer.goTo(viewer.page - 1);
  } else if (key === 'ArrowDown' || key === 'ArrowUp') {
    event.preventDefault();
    stepComment(viewer, key === 'ArrowDown' ? 1 : -1);
  } else if (key === 'Delete' || key === 'Backspace') {
    composer.removePicked();
  } else if (key === 'Escape') {
    escape(viewer, ui);
  } else if (key === '?') {
    ui.dialog = 'shortcuts';
  } else if (key === 'd') {
    ui.dialog = 'decision';
  } else if (key === 'c') {
    event.preventDefault();
    startComment(viewer, ui);
  } else if (viewer.player?.recording.picture === false) {
    return;
  } else if (
    key in TOOL_KEYS &&
    (viewer.link.can.comment || key === 't' || key === 'v') &&
    !((viewer.player || viewer.frame) && key === 't')
  ) {
    composer.tool = TOOL_KEYS[key] ?? null;
    composer.picked = null;
  }
}
