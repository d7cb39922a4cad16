import type { Clock, Timer } from '../clock.js';
import type { Override } from '../contract/snapshot.js';

/** Who pins a size, why, and for how long (milliseconds; `undefined`: until it is released). */
export interface Pinning {
  readonly owner: string;
  readonly reason: string;
  readonly forMs: number | undefined;
}

/** A size pinned by a person, and where the size goes when that ends. `free` → `pinned` → `free`, by `release` or by time. */
export class PinnedSize {
  #override: Override | null = null;
  /** The target when the pin ends. */
  #previous = 0;
  #timer: Timer | null = null;

  constructor(
    readonly clock: Clock,
    /** The time of a pin of this owner is over; it is still there. */
    readonly onExpiry: (owner: string) => void,
  ) {}

  /** `null` where nobody has pinned the size. */
  get override(): Override | null {
    return this.#override;
  }

  /** In place of an earlier pin, of which the target to go back to is kept; else that is `target`. */
  pin(size: number, { owner, reason, forMs }: Pinning, target: number): void {
    if (!this.#override) this.#previous = target;
    this.#timer?.cancel();
    const until = forMs === undefined ? null : Date.now() + forMs;
    this.#override = Object.freeze({ size, owner, reason, until });
    this.#timer = forMs === undefined ? null : this.clock.schedule(forMs, () => this.onExpiry(owner));
  }

  /** New bounds: what is pinned, and where it goes back to, moves into them. Tells the sizes, or `null` where it stays. */
  clamp(min: number, max: number): { readonly from: number; readonly to: number } | null {
    if (!this.#override) return null;
    const within = (size: number) => Math.min(max, Math.max(min, size));
    this.#previous = within(this.#previous);
    const { size: from } = this.#override;
    const to = within(from);
    if (from === to) return null;
    this.#override = Object.freeze({ ...this.#override, size: to });
    return { from, to };
  }

  /** Somebody asks for another size meanwhile: it goes there when the pin ends. */
  goBackTo(target: number): void {
    this.#previous = target;
  }

  /** Ends the pin, and tells where the size goes; `null` where there was none. */
  release(): number | null {
    if (!this.#override) return null;
    this.stop();
    this.#override = null;
    return this.#previous;
  }

  /** No pin ends by time any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
