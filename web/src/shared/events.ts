const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
const STALL_MS = 65_000;

export type Connection = 'connecting' | 'live' | 'offline';

/** How long to wait before attempt `n` (0-based), with jitter so that viewers do not return in step. */
export function backoff(n: number, random: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** n) * (0.7 + 0.3 * random);
}

export interface LiveOptions {
  /** Address of the stream without the `after` parameter. */
  url: string;
  /** The event names to pass on. */
  names: string[];
  /** Id of the last event already known; the stream continues after it. */
  after?: number;
  onEvent(name: string, data: unknown): void;
  onState(state: Connection): void;
}

/**
 * A server-sent event stream that reconnects with back-off and asks for what it missed.
 * The browser's own reconnection is not used: it gives up for good on an HTTP error and retries at a fixed pace.
 */
export class LiveEvents {
  #source: EventSource | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stall: ReturnType<typeof setTimeout> | undefined;
  #after: number | undefined;
  #closed = false;

  constructor(private readonly options: LiveOptions) {
    this.#after = options.after;
    window.addEventListener('online', this.#now);
    window.addEventListener('offline', this.#lost);
    document.addEventListener('visibilitychange', this.#now);
    options.onState('connecting');
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    window.removeEventListener('online', this.#now);
    window.removeEventListener('offline', this.#lost);
    document.removeEventListener('visibilitychange', this.#now);
    this.#drop();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#stall);
    this.#source?.close();
    this.#source = null;
  }

  #now = (): void => {
    if (this.#closed || this.#source !== null || document.visibilityState === 'hidden') return;
    this.#attempt = 0;
    this.#connect();
  };

  #lost = (): void => {
    if (!this.#closed) this.#retry();
  };

  #connect(): void {
    this.#drop();
    const { url, names, onEvent, onState } = this.options;
    const source = new EventSource(this.#after === undefined ? url : `${url}?after=${this.#after}`);
    this.#source = source;
    source.onopen = () => {
      this.#attempt = 0;
      onState('live');
    };
    source.onerror = () => this.#retry();
    const watch = () => {
      clearTimeout(this.#stall);
      this.#stall = setTimeout(() => this.#retry(), STALL_MS);
    };
    source.addEventListener('ping', watch);
    for (const name of names) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        const id = Number(event.lastEventId);
        if (event.lastEventId !== '' && Number.isFinite(id)) this.#after = id;
        let data: unknown = null;
        try {
          data = event.data === '' ? null : JSON.parse(event.data);
        } catch {
          return;
        }
        onEvent(name, data);
      });
    }
  }

  #retry(): void {
    this.#drop();
    if (this.#closed) return;
    this.options.onState('offline');
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#attempt++, Math.random()));
  }
}
