import { PoolError } from '../errors.js';
import type { Crew } from './crew.js';
import type { Dispatcher } from './dispatcher.js';
import type { EventHub } from './event-hub.js';
import { refusedError } from './pool-errors.js';
import type { PoolPhase } from './pool-phase.js';
import type { PoolSize } from './pool-size.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import { Waiters } from './waiters.js';

/** What a pause, a drain and a close hold back or let go on. */
export interface FlowParts {
  readonly options: ResolvedPoolOptions;
  readonly phase: PoolPhase;
  readonly size: PoolSize;
  readonly crew: Crew;
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
}

/** Whether tasks start, and who waits until all of them have ended. */
export class PoolFlow {
  readonly #parts: FlowParts;
  readonly #drains = new Waiters();
  /** Whether the latest drain was told to have come to its end, or needs no telling any more. */
  #drainTold = true;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  pause(): void {
    const { phase, dispatcher, size, events } = this.#parts;
    phase.requireTaking();
    if (phase.state === 'paused') return;
    phase.state = 'paused';
    dispatcher.setFlowing(false);
    size.setExpiryFloor();
    events.emit('paused', {});
  }

  resume(): void {
    const { phase, events, options } = this.#parts;
    phase.requireStaying();
    if (phase.state === 'open') return;
    const message = `pool '${options.name}': resume() ended the drain before it was done.`;
    this.#drains.rejectAll(new PoolError('DRAIN_ENDED', message, { pool: options.name }));
    this.#drainTold = true;
    this.#goOnAs('open');
    events.emit('resumed', {});
  }

  drain(): Promise<void> {
    const { phase, dispatcher, options } = this.#parts;
    if (phase.closing) return phase.closing;
    if (phase.state !== 'draining') {
      this.#drainTold = false;
      dispatcher.lobby.turnAllAway(refusedError(options, true));
      this.#goOnAs('draining');
      if (dispatcher.isQuiet) this.#tellDrained();
    }
    return this.#quiet();
  }

  /** Nothing is let in any more, and what was let in comes to its end. */
  runDry(): Promise<void> {
    const { dispatcher, options } = this.#parts;
    dispatcher.lobby.turnAllAway(refusedError(options, false));
    this.#goOnAs('draining');
    return this.#quiet();
  }

  /** All tasks that were accepted have ended. */
  onQuiet(): void {
    this.#tellDrained();
    this.#drains.check();
  }

  #quiet(): Promise<void> {
    return this.#drains.until(() => this.#parts.dispatcher.isQuiet);
  }

  /** Lets tasks start; workers that left during a pause come back, to the floor at least. */
  #goOnAs(state: 'open' | 'draining'): void {
    const { phase, size, crew, dispatcher, options } = this.#parts;
    phase.state = state;
    size.setExpiryFloor();
    crew.recall(options.min);
    dispatcher.setFlowing(true);
  }

  #tellDrained(): void {
    if (this.#drainTold) return;
    this.#drainTold = true;
    this.#parts.events.emit('drained', {});
  }
}
