import { ApiError, call, del, explain, get, patch, post, put } from '../shared/api.ts';
import { wear } from '../shared/brand.ts';
import { type Connection, LiveEvents } from '../shared/events.ts';
import { toasts } from '../shared/toasts.svelte.ts';
import type {
  Comment,
  Decision,
  Link,
  LinkProof,
  LinkReviewer,
  Overall,
  Page,
  Processing,
  SearchHit,
  State,
  Work,
} from '../shared/types.ts';
import { Composer } from './composer.svelte.ts';
import {
  type CommentFilter,
  isAt,
  matches,
  NO_FILTER,
  seenAt,
  type Sort,
  sorted,
  unchanged,
} from './list.ts';
import { Outbox } from './outbox.svelte.ts';
import { FrameState } from './frame.svelte.ts';
import { Player } from './player.svelte.ts';
import { ContentsState } from './contents.svelte.ts';
import { PreflightState } from './preflight.svelte.ts';
import { scrolled } from './screens.ts';
import { load, save } from './storage.ts';

const FLASH_MS = 4000;
const RETRY_MS = 5000;
const SORT_KEY = 'galley:sort';

/** Everything one open viewer knows: the proof behind a link, its comments, and what the person is doing. */
export class ViewerState {
  readonly base: string;
  link = $state<Link | null>(null);
  problem = $state<ApiError | null>(null);
  gone = $state(false);
  connection = $state<Connection>('connecting');
  page = $state(1);
  selected = $state<number | null>(null);
  hovered = $state<number | null>(null);
  filter = $state<CommentFilter>({ ...NO_FILTER });
  sort = $state<Sort>(load<Sort>(SORT_KEY) ?? 'oldest');
  fresh = $state<Record<number, boolean>>({});
  showMarkups = $state(true);
  hits = $state.raw<{ page: number; rects: SearchHit['rects']; snippet: string }[]>([]);
  hit = $state(0);
  /** Plays what the proof is made of, if that plays. */
  player = $state.raw<Player | null>(null);
  /** What the proof is made of, if that is tried rather than looked at. */
  frame = $state.raw<FrameState | null>(null);
  readonly composer: Composer;
  readonly outbox: Outbox;
  readonly preflight: PreflightState;
  readonly contents: ContentsState;
  #live: LiveEvents | null = null;
  #seen: Comment[] = [];

  constructor(readonly code: string) {
    this.base = `/links/${encodeURIComponent(code)}`;
    this.preflight = new PreflightState(this.base);
    this.contents = new ContentsState(this.base);
    this.composer = new Composer(`galley:draft:${code}`);
    this.outbox = new Outbox(this.base, `galley:outbox:${code}`, (comment) => {
      this.#upsert(comment);
      this.selected = comment.id;
    });
  }

  comments = $derived(this.link?.comments ?? []);
  visible = $derived(
    sorted(
      this.comments.filter((comment) => matches(comment, this.filter)),
      this.sort,
    ),
  );
  /** Comments whose markups belong to the frame that is seen. */
  seenNow = $derived.by(() => {
    const { frame, player } = this;
    if (frame)
      return this.comments
        .filter((comment) => comment.screen && frame.shows(comment.screen))
        .map((comment) => ({
          ...comment,
          markups: scrolled(comment.markups, comment.screen!, frame),
        }));
    if (!player) return this.comments;
    return (this.#seen = unchanged(this.#seen, seenAt(this.comments, player)));
  });
  draftSeen = $derived.by(() => {
    const { composer, frame, player } = this;
    if (frame) return frame.shows(composer.screen);
    return !player || isAt(composer.time, player.frame);
  });
  pages = $derived(this.link?.pages ?? []);
  current = $derived(this.pages.find((page) => page.number === this.page) ?? null);
  pageCount = $derived(Math.max(this.link?.proof.page_count ?? 0, this.pages.length));
  myDecision = $derived(
    this.link?.reviewers.find((r) => r.id === this.link?.me.reviewer_id)?.decision ?? 'pending',
  );
  nextNumber = $derived(Math.max(0, ...this.comments.map((comment) => comment.number)) + 1);

  /** Loads the link; tries again by itself when the server cannot be reached. */
  async load(): Promise<void> {
    try {
      const link = await get<Link>(this.base);
      this.problem = null;
      const first = this.link === null;
      this.link = link;
      document.title = `${link.proof.name} · ${link.brand.logo ? link.brand.name : 'Galley'}`;
      wear(link.brand);
      if (link.recording && !this.player) this.player = new Player(this.base, link.recording);
      else if (link.proof.processing === 'ready') void this.player?.refresh();
      if (link.interactive && !this.frame) this.frame = new FrameState(this.base, link.interactive);
      if (first && link.can.comment) this.composer.restore();
      this.#listen(link.last_event_id);
    } catch (cause) {
      const problem =
        cause instanceof ApiError ? cause : new ApiError(-1, 'unknown', explain(cause));
      if (this.link === null || !problem.temporary) this.problem = problem;
      if (problem.temporary) setTimeout(() => void this.load(), RETRY_MS);
    }
  }

  #listen(after: number): void {
    this.#live?.close();
    this.#live = new LiveEvents({
      url: `/api/v1${this.base}/events`,
      names: ['comment', 'comment_deleted', 'decision', 'proof', 'page', 'processing', 'gone'],
      after,
      onState: (state) => {
        if (state === 'live' && this.connection !== 'live') this.outbox.flush();
        this.connection = state;
      },
      onEvent: (name, data) => this.#apply(name, data),
    });
  }

  #apply(name: string, data: unknown): void {
    const { link } = this;
    if (!link) return;
    switch (name) {
      case 'comment': {
        const { comment } = data as { comment: Comment };
        const known = this.comments.find((each) => each.id === comment.id);
        if (!comment.mine && (!known || known.replies.length < comment.replies.length))
          this.#flash(comment.id);
        this.#upsert(comment);
        break;
      }
      case 'comment_deleted':
        this.#forget((data as { id: number }).id);
        break;
      case 'decision':
      case 'proof': {
        const change = data as { proof: LinkProof; reviewers: LinkReviewer[] };
        const before = link.proof.state;
        link.proof = change.proof;
        link.reviewers = change.reviewers;
        // What one may do depends on more than the event carries.
        if (before !== change.proof.state) void this.load();
        break;
      }
      case 'page': {
        const change = data as { page: Page; page_count: number; work: Work | null };
        const others = link.pages.filter((page) => page.number !== change.page.number);
        link.pages = [...others, change.page].sort((a, b) => a.number - b.number);
        link.proof.page_count = change.page_count;
        link.proof.work = change.work;
        break;
      }
      case 'processing': {
        const change = data as {
          processing: Processing;
          processing_error: string | null;
          page_count: number;
          work: Work | null;
          cancelled: boolean;
        };
        Object.assign(link.proof, change);
        // With the first page comes what kind of thing it is.
        if (change.processing === 'ready' || change.processing === 'processing') void this.load();
        break;
      }
      case 'gone':
        this.gone = true;
        this.#live?.close();
        break;
    }
  }

  #flash(id: number): void {
    this.fresh[id] = true;
    setTimeout(() => delete this.fresh[id], FLASH_MS);
  }

  #upsert(comment: Comment): void {
    if (!this.link) return;
    const at = this.link.comments.findIndex((each) => each.id === comment.id);
    if (at < 0) this.link.comments.push(comment);
    else this.link.comments[at] = comment;
  }

  #forget(id: number): void {
    if (!this.link) return;
    this.link.comments = this.link.comments.filter((comment) => comment.id !== id);
    if (this.selected === id) this.selected = null;
  }

  /** Stops at the frame that a comment is about, unless it is seen already. */
  showMoment(comment: Comment): void {
    const { player } = this;
    if (!player || !comment.time) return;
    player.pause();
    if (isAt(comment.time, player.frame)) return;
    if (player.seekable) player.seek(comment.time.from);
    else toasts.show(`${comment.time.label} can be shown once it is prepared to the end.`);
  }

  /** Goes back to the screen that a comment is about. */
  showScreen(comment: Comment): void {
    if (comment.screen) this.frame?.show(comment.screen);
  }

  /** Has the comment being written be about what is seen now: the frame, or the screen. */
  takeMoment(): void {
    const { frame, player, composer } = this;
    if (frame) composer.screen ??= frame.screen;
    if (!player) return;
    player.pause();
    composer.time ??= { from: player.frame, to: null };
  }

  /** Calls off the making of the pages, or tries again. */
  async process(what: 'cancel' | 'retry'): Promise<void> {
    try {
      this.link = await post<Link>(`${this.base}/processing/${what}`);
    } catch (cause) {
      toasts.show(explain(cause), { tone: 'error' });
    }
  }

  setSort(sort: Sort): void {
    this.sort = sort;
    save(SORT_KEY, sort);
  }

  goTo(page: number): void {
    this.page = Math.min(Math.max(1, page), Math.max(1, this.pageCount));
    if (this.filter.page !== null) this.filter.page = this.page;
  }

  /** Runs an action on a comment and takes over the answer; failures are said and change nothing. */
  async #act(work: Promise<Comment>): Promise<boolean> {
    try {
      this.#upsert(await work);
      return true;
    } catch (cause) {
      toasts.show(explain(cause), { tone: 'error' });
      return false;
    }
  }

  edit(id: number, text: string): Promise<boolean> {
    return this.#act(patch<Comment>(`${this.base}/comments/${id}`, { text }));
  }

  resolve(comment: Comment): Promise<boolean> {
    const verb = comment.resolved ? 'reopen' : 'resolve';
    return this.#act(post<Comment>(`${this.base}/comments/${comment.id}/${verb}`));
  }

  removeReply(comment: number, reply: number): Promise<boolean> {
    return this.#act(del<Comment>(`${this.base}/comments/${comment}/replies/${reply}`));
  }

  async remove(id: number): Promise<void> {
    try {
      await del(`${this.base}/comments/${id}`);
      this.#forget(id);
    } catch (cause) {
      toasts.show(explain(cause), { tone: 'error' });
    }
  }

  /** Records or with "pending" removes one's decision. Throws what the server refuses. */
  async decide(decision: Decision, reasons: { id: number; text: string }[] = []): Promise<void> {
    const answer = await put<{ decision: Decision; overall: Overall; state: State }>(
      `${this.base}/decision`,
      { decision, reasons },
    );
    const { link } = this;
    if (!link) return;
    const me = link.reviewers.find((reviewer) => reviewer.id === link.me.reviewer_id);
    if (me) me.decision = answer.decision;
    link.proof.decision = answer.overall;
    if (link.proof.state !== answer.state) void this.load();
  }

  async search(query: string): Promise<void> {
    if (query.trim() === '') {
      this.hits = [];
      return;
    }
    const found = await call<{ hits: SearchHit[] }>(
      'GET',
      `${this.base}/search?q=${encodeURIComponent(query.trim())}`,
    );
    this.hits = found.hits;
    this.hit = Math.max(
      0,
      found.hits.findIndex((hit) => hit.page >= this.page),
    );
    this.#showHit();
  }

  stepHit(step: 1 | -1): void {
    if (this.hits.length === 0) return;
    this.hit = (this.hit + step + this.hits.length) % this.hits.length;
    this.#showHit();
  }

  #showHit(): void {
    const hit = this.hits[this.hit];
    if (hit) this.goTo(hit.page);
  }
}
