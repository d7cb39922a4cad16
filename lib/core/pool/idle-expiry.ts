import type { Clock, Timer } from '../clock.js';
import type { Member } from './member.js';
import type { ResolvedPoolOptions } from './resolve-options.js';

/** What idle expiry needs to know of the crew, and does to it. */
export interface ExpiryPort {
  longestIdle(): Member | null;
  /** 0 before it is started, and once it ends. */
  wanted(): number;
  sendAway(member: Member): void;
  /** All who were due have been sent away. */
  changed(): void;
}

/**
 * Sends members away that have been idle for long, and counts them, since load brings them back. One timer, for the member
 * that has been idle longest.
 */
export class IdleExpiry {
  /** Lowest size that it may reach; `null` while a person pinned the size. */
  floor: number | null;
  /** How many it took and nobody has brought back. */
  taken = 0;
  /** When more workers were last asked for; nobody's idleness counts from before that. */
  #recalledAt = -Infinity;
  #timer: Timer | null = null;

  constructor(
    readonly options: ResolvedPoolOptions,
    readonly clock: Clock,
    readonly port: ExpiryPort,
  ) {
    this.floor = options.min;
  }

  /** Of what it took, no more than so many stay away. */
  recall(stayAway: number): void {
    this.taken = Math.min(this.taken, stayAway);
    this.#recalledAt = this.clock.now();
  }

  arm(): void {
    // One that goes off too early looks again; members only become due later than they were.
    const idle = this.#timer ? null : this.port.longestIdle();
    if (!idle || !this.#mayTake()) return;
    const delay = this.#idleSince(idle) + this.options.idleExpiryMs - this.clock.now();
    this.#timer = this.clock.schedule(Math.max(0, delay), () => this.#expire());
  }

  /** It may come sooner than it was armed for. */
  rearm(): void {
    this.cancel();
    this.arm();
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #expire(): void {
    this.#timer = null;
    const due = this.clock.now() - this.options.idleExpiryMs;
    for (let idle = this.port.longestIdle(); idle && this.#idleSince(idle) <= due; idle = this.port.longestIdle()) {
      if (!this.#mayTake()) break;
      this.taken++;
      this.port.sendAway(idle);
    }
    this.arm();
    this.port.changed();
  }

  #idleSince(member: Member): number {
    return Math.max(member.idleSince, this.#recalledAt);
  }

  #mayTake(): boolean {
    return this.floor !== null && this.port.wanted() > this.floor;
  }
}
