export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 5000;
const SHOWN_WITH_ACTION_MS = 9000;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  /** Shows a short message, with one action at most. */
  show(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
    const id = this.#next++;
    this.list.push({ id, text, tone: options.tone ?? 'plain', action: options.action });
    setTimeout(() => this.close(id), options.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
