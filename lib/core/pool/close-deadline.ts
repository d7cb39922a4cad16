import type { Clock, Timer } from '../clock.js';
import type { Crew } from './crew.js';
import type { Dispatcher } from './dispatcher.js';
import { cutShortError } from './pool-errors.js';
import type { ResolvedPoolOptions } from './resolve-options.js';

/** How long a close waits for what is left: then all of it is aborted, and after a grace nobody stays. */
export class CloseDeadline {
  #at = Infinity;
  #timer: Timer | null = null;

  constructor(
    readonly options: ResolvedPoolOptions,
    readonly clock: Clock,
    readonly crew: Crew,
    readonly dispatcher: Dispatcher,
  ) {}

  /** The sooner deadline wins. `ms` from now. */
  set(ms: number): void {
    const at = this.clock.now() + ms;
    if (at >= this.#at) return;
    this.#at = at;
    this.#timer?.cancel();
    this.#timer = this.clock.schedule(ms, () => this.#abort(), { keepAlive: true });
  }

  cancel(): void {
    this.#timer?.cancel();
  }

  #abort(): void {
    const { abortGraceMs } = this.options;
    this.#timer = this.clock.schedule(abortGraceMs, () => this.#terminate(), { keepAlive: true });
    this.dispatcher.cancelEverything(cutShortError(this.options));
  }

  /** Tear-down hooks that hang included. */
  #terminate(): void {
    for (const member of [...this.crew.roster.members.values()]) this.crew.terminate(member, 'closed');
    void this.crew.engine.close?.(true);
  }
}
