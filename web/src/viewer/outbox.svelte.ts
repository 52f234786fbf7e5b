import { ApiError, explain, post } from '../shared/api.ts';
import { backoff } from '../shared/events.ts';
import type { Comment, Markup, Screen, Time } from '../shared/types.ts';
import { load, save } from './storage.ts';

/** A comment, or with `parent` a reply, on its way to the server. */
export interface Outgoing {
  clientId: string;
  parent: number | null;
  text: string;
  markups: Markup[];
  time?: Time | null;
  screen?: Screen | null;
  /** `waiting` tries again by itself; `refused` needs the person. */
  state: 'sending' | 'waiting' | 'refused';
  error: string | null;
}

/**
 * What was written and not yet confirmed. Kept in local storage and sent with the same client id until the server
 * answers, so a comment is neither lost nor doubled by a bad connection or a closed tab.
 */
export class Outbox {
  items = $state<Outgoing[]>([]);
  #attempt = 0;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly base: string,
    private readonly key: string,
    private readonly onSaved: (comment: Comment) => void,
  ) {
    this.items = (load<Outgoing[]>(key) ?? []).map((item) => ({
      ...item,
      state: item.state === 'refused' ? 'refused' : 'waiting',
    }));
    window.addEventListener('online', () => this.flush());
    if (this.items.length > 0) this.flush();
  }

  add(item: Pick<Outgoing, 'clientId' | 'parent' | 'text' | 'markups' | 'time' | 'screen'>): void {
    this.items.push({ ...item, state: 'waiting', error: null });
    this.#store();
    this.flush();
  }

  remove(clientId: string): void {
    this.items = this.items.filter((item) => item.clientId !== clientId);
    this.#store();
  }

  retry(clientId: string): void {
    const item = this.items.find((each) => each.clientId === clientId);
    if (!item) return;
    item.state = 'waiting';
    this.flush();
  }

  /** Sends now what waits; called when the connection returns. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#attempt = 0;
    void this.#run();
  }

  #store(): void {
    save(this.key, this.items.length > 0 ? $state.snapshot(this.items) : null);
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (
        let item = this.items.find((each) => each.state === 'waiting');
        item;
        item = this.items.find((each) => each.state === 'waiting')
      ) {
        if (!(await this.#send(item))) break;
      }
    } finally {
      this.#busy = false;
      this.#store();
    }
  }

  /** False when it must be tried again later. */
  async #send(item: Outgoing): Promise<boolean> {
    item.state = 'sending';
    const first = item.markups[0];
    const [path, body] =
      item.parent === null
        ? [
            '/comments',
            {
              client_id: item.clientId,
              text: item.text,
              ...(first ? { page: first.page } : {}),
              ...(item.time ? { time: $state.snapshot(item.time) } : {}),
              ...(item.screen ? { screen: $state.snapshot(item.screen) } : {}),
              markups: $state.snapshot(item.markups),
            },
          ]
        : [`/comments/${item.parent}/replies`, { client_id: item.clientId, text: item.text }];
    try {
      const comment = await post<Comment>(this.base + path, body);
      this.remove(item.clientId);
      this.onSaved(comment);
      return true;
    } catch (cause) {
      item.error = explain(cause);
      if (!(cause instanceof ApiError) || !cause.temporary) {
        item.state = 'refused';
        return true;
      }
      item.state = 'waiting';
      this.#timer = setTimeout(() => void this.#run(), backoff(this.#attempt++, Math.random()));
      return false;
    }
  }
}
