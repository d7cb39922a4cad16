import type { PoolShare } from '../budget/member.js';
import type { Clock } from '../clock.js';
import type { OptionChange } from '../contract/events.js';
import type { Override } from '../contract/snapshot.js';
import { rejectUnknownKeys, requireDuration, requireInteger, requireObject } from '../validate.js';
import { BudgetHold } from './budget-hold.js';
import type { Counters } from './counters.js';
import type { Crew } from './crew.js';
import type { EventHub } from './event-hub.js';
import { PinnedSize } from './pinned-size.js';
import type { PoolPhase } from './pool-phase.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import type { Waiters } from './waiters.js';

/** What the size of a pool is decided with. */
export interface SizeParts {
  readonly options: ResolvedPoolOptions;
  readonly clock: Clock;
  readonly phase: PoolPhase;
  readonly crew: Crew;
  readonly counters: Counters;
  readonly events: EventHub;
  readonly waiters: Waiters;
  readonly share: PoolShare | null;
  /** The pool begins to work with the first wish for a size. */
  start(): void;
}

/** Moves the target of the crew. */
type Move = (target: number) => void;

/**
 * How many workers a pool shall have, whoever says so: a person, the autoscaler, new bounds, the end of a pin. The bounds are
 * hard, and so is the budget that the pool shares with others.
 */
export class PoolSize {
  readonly #parts: SizeParts;
  readonly #pin: PinnedSize;
  readonly #budget: BudgetHold | null;

  constructor(parts: SizeParts) {
    const { options, clock, share } = parts;
    this.#parts = parts;
    this.#budget = share && new BudgetHold(options.name, share);
    this.#pin = new PinnedSize(clock, (owner) => this.#unpin(`override of ${owner} expired`));
  }

  /** `null` where nobody has pinned the size. */
  get override(): Override | null {
    return this.#pin.override;
  }

  /** What its own bounds and its budget let it grow to. */
  get most(): number {
    const { min, max } = this.#parts.options;
    return Math.max(min, Math.min(max, this.#budget?.most ?? Infinity));
  }

  resize(target: number, options: { reason?: string; eager?: boolean }, move?: Move): Promise<void> {
    const { crew, phase, options: pool } = this.#parts;
    requireObject({ pool: pool.name, option: 'the options of resize()' }, options);
    rejectUnknownKeys('resize()', options, ['reason', 'eager'], pool.name);
    this.#requireTarget('resize(target)', target);
    phase.requireStaying();
    this.#parts.start();
    if (this.#pin.override) this.#pin.goBackTo(target);
    else this.#setTarget(target, options.reason ?? 'resize()', move);
    if (options.eager) crew.shedEagerly();
    return this.until(() => crew.isSettled);
  }

  /** As `resize()`, for the autoscaler: a shrink brings nobody back whom idle expiry took. */
  scale(target: number, options: { reason?: string }): Promise<void> {
    return this.resize(target, options, (size) => this.#parts.crew.scale(size));
  }

  prewarm(n: number): Promise<void> {
    const { crew, phase } = this.#parts;
    this.#requireTarget('prewarm(n)', n);
    phase.requireStaying();
    this.#parts.start();
    if (n > crew.target && !this.#pin.override) this.#setTarget(n, 'prewarm()');
    else crew.recall(n);
    // What idle expiry takes back while the others boot is not waited for.
    return this.until(() => crew.ready >= Math.min(n, crew.wanted));
  }

  pin(size: number, options: { owner?: string; reason?: string; forMs?: number }): Promise<void> {
    const { crew, phase, options: pool } = this.#parts;
    const { owner = 'unknown', reason = 'manual resize', forMs } = options;
    this.#requireTarget('size', size);
    if (forMs !== undefined) requireDuration({ pool: pool.name, option: 'forMs' }, forMs);
    phase.requireStaying();
    this.#parts.start();
    this.#budget?.admit(size);
    this.#pin.pin(size, { owner, reason, forMs }, crew.target);
    crew.expiry.floor = null;
    this.#setTarget(size, `${reason} (${owner})`);
    return this.until(() => crew.isSettled);
  }

  release(reason: string): Promise<void> {
    this.#parts.phase.requireStaying();
    this.#unpin(reason);
    return this.until(() => this.#parts.crew.isSettled);
  }

  /** Waits for a size; the crew looks again, now that somebody waits. */
  until(isMet: () => boolean): Promise<void> {
    const met = this.#parts.waiters.until(isMet);
    this.#parts.crew.reconcile();
    return met;
  }

  /** New bounds, a pinned size included. A pool that has not started yet begins with `initial`. */
  moveIntoBounds(initial: number, source: string): OptionChange[] {
    const { crew, options } = this.#parts;
    const { min } = options;
    const max = this.most;
    const pinned = this.#pin.clamp(min, max);
    const size = Math.min(max, Math.max(min, crew.isStarted ? crew.target : initial));
    if (size !== crew.target) this.#reach(size, `${source}: at least ${min} and at most ${max} workers now`);
    this.setExpiryFloor();
    crew.expiry.rearm();
    this.#recallToFloor();
    return pinned ? [{ key: 'override.size', ...pinned }] : [];
  }

  #reach(size: number, reason: string): void {
    const { crew, options } = this.#parts;
    const target = this.#budget?.reach(size) ?? size;
    if (crew.isStarted) {
      this.#setTarget(target, reason, (to) => crew.scale(to));
    } else {
      crew.target = target;
      // What it starts with is what it is ready with.
      Object.assign(options, { initial: target });
    }
  }

  /** Idle expiry may have gone below a floor that is higher now. */
  #recallToFloor(): void {
    const { crew, phase, options } = this.#parts;
    if (crew.isStarted && phase.state !== 'paused' && crew.wanted < options.min) crew.recall(options.min);
  }

  /** Idle workers may leave down to it: all in a pause, none while the size is pinned. */
  setExpiryFloor(): void {
    const { crew, phase, options } = this.#parts;
    const floor = phase.state === 'paused' ? 0 : options.min;
    crew.expiry.floor = this.#pin.override ? null : floor;
    crew.reconcile();
  }

  /** Something about the size changed: the budget gets back what is not in use. */
  changed(): void {
    const { crew, waiters } = this.#parts;
    this.#budget?.settle(Math.max(crew.target, crew.roster.members.size));
    waiters.check();
  }

  /** No pin ends by time any more. */
  stop(): void {
    this.#pin.stop();
  }

  leaveBudget(): void {
    this.#budget?.leave();
  }

  #requireTarget(option: string, value: unknown): void {
    const { name, min, max } = this.#parts.options;
    const remark = value === 0 ? '; pause() is the only way to zero workers' : '; size.min and size.max set the bounds';
    requireInteger({ pool: name, option }, value, min, max, remark);
  }

  #setTarget(target: number, reason: string, move: Move = (size) => this.#parts.crew.resize(size)): void {
    const { crew, counters, events } = this.#parts;
    const from = crew.target;
    this.#budget?.admit(target);
    move(target);
    if (from === target) return;
    if (target > from) counters.resizedUp++;
    else counters.resizedDown++;
    events.emit('resized', { from, to: target, reason });
  }

  #unpin(reason: string): void {
    const previous = this.#pin.release();
    if (previous === null) return;
    this.setExpiryFloor();
    // Others may have taken what the budget had room for in the meantime.
    this.#setTarget(this.#budget?.reach(previous) ?? previous, reason);
  }
}
