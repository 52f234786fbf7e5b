import { toasts } from './toasts.svelte.ts';

/** Copies text and says so; where the clipboard is closed to the page (plain http), shows the text to copy by hand. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show(done);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (copied) toasts.show(done);
    else toasts.show(`Copy this by hand: ${text}`);
  }
}
