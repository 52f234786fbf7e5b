import { ApiError, del, get, post } from '../shared/api.ts';
import { wear } from '../shared/brand.ts';
import { useTimeZone } from '../shared/format.ts';
import type { Brand, Config, User } from '../shared/types.ts';
import { router } from './router.svelte.ts';

/** Who is signed in, and what the server offers. */
class Session {
  user = $state.raw<User | null>(null);
  config = $state.raw<Config | null>(null);
  /** What the sign-in page shows of the account that this address belongs to. */
  brand = $state.raw<Brand | null>(null);
  ready = $state(false);
  problem = $state<string | null>(null);
  #next = '/';

  async start(): Promise<void> {
    this.problem = null;
    try {
      this.config = await get<Config>('/config');
      const { user } = await get<{ user: User | null }>('/session');
      if (user) {
        this.#take(user);
        if (router.route.name === 'login') router.go('/', true);
      } else {
        await this.#dress();
        this.expired();
      }
      this.ready = true;
    } catch (cause) {
      this.problem = cause instanceof ApiError ? cause.message : 'The app could not start.';
    }
  }

  #take(user: User): void {
    this.user = user;
    useTimeZone(user.time_zone);
    wear(user.brand);
  }

  /** Reads again how the account shows itself. */
  async renewBrand(): Promise<void> {
    const { user } = await get<{ user: User | null }>('/session');
    if (user) this.#take(user);
  }

  /** The sign-in page comes before anybody is known. Without its colours it works as well. */
  async #dress(): Promise<void> {
    this.brand = await get<Brand>('/branding').catch(() => null);
    if (!this.user) wear(this.brand);
  }

  async login(email: string, password: string): Promise<void> {
    this.#take((await post<{ user: User }>('/session', { email, password })).user);
    router.go(this.#next, true);
    this.#next = '/';
  }

  /** Replaces a password that has expired, then signs in with the new one. */
  async renew(email: string, password: string, next: string): Promise<void> {
    await post('/password', { email, password, new_password: next });
    await this.login(email, next);
  }

  /** Sets the password that a link in a mail is for, and signs in. */
  async choose(code: string, password: string): Promise<void> {
    this.#take((await post<{ user: User }>(`/password/links/${code}`, { password })).user);
    router.go('/', true);
  }

  async logout(): Promise<void> {
    await del('/session').catch(() => undefined);
    this.user = null;
    void this.#dress();
    router.go('/login');
  }

  /** The session ended: sign in, then return to where one was. */
  expired(): void {
    if (this.user) void this.#dress();
    this.user = null;
    if (router.route.name === 'login' || router.route.name === 'password') return;
    this.#next = location.pathname;
    router.go('/login', true);
  }

  /** Passes on what an API call threw, after noticing an ended session. */
  check(cause: unknown): unknown {
    if (cause instanceof ApiError && cause.status === 401) this.expired();
    return cause;
  }
}

export const session = new Session();
