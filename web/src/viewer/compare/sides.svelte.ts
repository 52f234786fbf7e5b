import type { Comparison, Link } from '../../shared/types.ts';
import { FrameState } from '../frame.svelte.ts';
import { Player, Preferences } from '../player.svelte.ts';
import { type Side, SIDES } from './changes.ts';
import { Duo } from './duo.svelte.ts';

/** What plays and what is tried on the two sides of a comparison. */
export class Sides {
  players = $state.raw<Record<Side, Player | null>>({ older: null, newer: null });
  frames = $state.raw<Record<Side, FrameState | null>>({ older: null, newer: null });
  /** Plays both together, if both are films or both are sound. */
  duo = $state.raw<Duo | null>(null);
  readonly #preferences = new Preferences();

  /** Makes what is missing, now that more may be known; says whether both play together since now. */
  equip(comparison: Comparison, links: Record<Side, Link>, base: (side: Side) => string): boolean {
    const [a, b] = SIDES.map((side) => comparison[side].medium);
    for (const side of SIDES) {
      const { medium } = comparison[side];
      const { recording, interactive } = links[side];
      const plays = medium === 'video' || medium === 'audio';
      if (plays && recording && !this.players[side])
        this.players = {
          ...this.players,
          [side]: new Player(base(side), recording, this.#preferences),
        };
      if (medium === 'interactive' && interactive && !this.frames[side])
        this.frames = { ...this.frames, [side]: new FrameState(base(side), interactive) };
    }
    const { older, newer } = this.players;
    if (a !== b || !older || !newer || this.duo) return false;
    this.duo = new Duo({ older, newer });
    return true;
  }

  drop(): void {
    if (this.duo) this.duo.destroy();
    else for (const side of SIDES) this.players[side]?.destroy();
    this.duo = null;
    this.players = { older: null, newer: null };
    this.frames = { older: null, newer: null };
  }
}
