import { get } from '../shared/api.ts';
import type { Preflight } from '../shared/types.ts';

const AGAIN_MS = 2000;
const TRIES = 20;

/** What there is to know of the proof's files for print. Asked for once, after the pages are there. */
export class PreflightState {
  report = $state.raw<Preflight | null>(null);
  failed = $state(false);
  #asked = false;

  constructor(private readonly base: string) {}

  async load(tries = TRIES): Promise<void> {
    if (this.#asked && tries === TRIES) return;
    this.#asked = true;
    try {
      const report = await get<Preflight>(`${this.base}/preflight`);
      this.report = report;
      this.failed = false;
      if (report.state === 'waiting' && tries > 0)
        setTimeout(() => void this.load(tries - 1), AGAIN_MS);
    } catch {
      this.failed = true;
    }
  }

  retry(): void {
    this.#asked = false;
    void this.load();
  }
}
