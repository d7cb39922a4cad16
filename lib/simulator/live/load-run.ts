import type { Clock, Timer } from '../../core/clock.js';
import { poissonArrivals } from '../load/poisson-workload.js';
import { FAILURES_STREAM, seededRandom } from '../random.js';
import type { Exchange, Outcome } from './exchange.js';
import type { CheckedLoad, LiveRequest } from './live-options.js';
import type { LoadReport } from './load-report.js';
import { LoadTally } from './load-tally.js';

/**
 * sending ──all arrived──▶ settling ──all answered──▶ ended
 *    │                        └──settleMs gone by──▶ stopping
 *    └──a signal, a fault──▶ stopping ──what is open was cut──▶ ended
 *
 * Requests are the indices of `#arrivals`: those below `tally.sent` were sent, from there to `#arrived` they are in line.
 */
export class LoadRun {
  readonly #load: CheckedLoad;
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #arrivals: Float64Array;
  readonly #tally: LoadTally;
  readonly #failure: () => number;
  readonly #startMs: number;
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;
  #next: Timer | undefined;
  #everySecond: Timer | undefined;
  #arrived = 0;
  #open = 0;
  #isStopping = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(load: CheckedLoad, exchange: Exchange, clock: Clock) {
    this.#load = load;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#arrivals = poissonArrivals(load.shape, load.seed);
    this.#tally = new LoadTally(this.#arrivals.length, load.objectiveMs);
    this.#failure = seededRandom(load.seed, FAILURES_STREAM);
    this.#startMs = clock.now();
    this.#ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Runs to the end; to be called once. */
  async run(): Promise<LoadReport> {
    const { signal } = this.#load;
    const stop = () => this.#stop();
    if (signal?.aborted) this.#isStopping = true;
    signal?.addEventListener('abort', stop);
    this.#tick(1);
    this.#advance();
    await this.#ended;
    signal?.removeEventListener('abort', stop);
    this.#next?.cancel();
    this.#everySecond?.cancel();
    this.#exchange.close();
    if (this.#fault !== undefined) throw this.#fault.error;
    if (this.#tally.hasNews(this.#arrived)) this.#closeSecond();
    return this.#report(signal?.aborted ?? false);
  }

  #now(): number {
    return this.#clock.now() - this.#startMs;
  }

  /** Takes in what has fallen due, and comes again when the next does. */
  #advance(): void {
    const arrivals = this.#arrivals;
    const now = this.#now();
    const before = this.#arrived;
    while (!this.#isStopping && this.#arrived < arrivals.length && arrivals[this.#arrived]! <= now) this.#arrived++;
    this.#tally.behind(this.#arrived > before ? now - arrivals[before]! : 0);
    this.#pump();
    this.#tally.delayed += this.#arrived - Math.max(before, this.#tally.sent);
    if (this.#isStopping) return;
    // A timer takes whole milliseconds; what is due in between waits for the next.
    const isLast = this.#arrived === arrivals.length;
    const waitMs = isLast ? this.#load.settleMs : Math.max(1, Math.floor(arrivals[this.#arrived]! - now));
    this.#next = this.#clock.schedule(waitMs, () => (isLast ? this.#stop() : this.#advance()), { keepAlive: true });
  }

  /** Sends what is in line, as far as connections go; ends the run where nothing more can come. */
  #pump(): void {
    const { connections } = this.#load;
    while (!this.#isStopping && this.#tally.sent < this.#arrived && this.#open < connections) {
      this.#guarded(() => this.#send(this.#arrivals[this.#tally.sent]!));
    }
    const isOver = this.#isStopping || this.#tally.sent === this.#arrivals.length;
    if (isOver && this.#open === 0) this.#end();
  }

  #send(dueMs: number): void {
    const request = this.#requestAt(dueMs);
    this.#tally.sent++;
    this.#open++;
    void this.#exchange.send(request).then((outcome) => this.#settle(outcome, dueMs));
  }

  #settle(outcome: Outcome, dueMs: number): void {
    this.#open--;
    this.#tally.settle(this.#isStopping ? cut(outcome) : outcome, this.#now() - dueMs);
    this.#pump();
  }

  #requestAt(dueMs: number): LiveRequest {
    const { request, shape, vary } = this.#load;
    const serviceFactor = shape.serviceFactorAt?.(dueMs) ?? 1;
    // One draw for each arrival, as in a workload of the same seed: the same ones fail.
    const fails = shape.failureShareAt !== undefined && this.#failure() < shape.failureShareAt(dueMs);
    if (serviceFactor === 1 && !fails) return request;
    if (fails) this.#tally.injected++;
    const varied = vary({ serviceFactor, fails });
    return { ...request, ...varied, headers: { ...request.headers, ...varied.headers } };
  }

  #tick(second: number): void {
    const waitMs = Math.max(1, second * 1_000 - this.#now());
    this.#everySecond = this.#clock.schedule(waitMs, () => {
      this.#closeSecond();
      if (!this.#isStopping) this.#tick(second + 1);
    });
  }

  #closeSecond(): void {
    const second = this.#tally.second(this.#arrived, this.#open);
    this.#guarded(() => this.#load.onSecond(second));
  }

  /** A fault of the caller's functions stops the run, and is what the caller gets. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fault ??= { error };
      this.#stop();
    }
  }

  #stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#next?.cancel();
    this.#exchange.close();
    if (this.#open === 0) this.#end();
  }

  #report(stopped: boolean): LoadReport {
    const { url, shape, seed } = this.#load;
    const about = { url: url.href, shape: shape.name, seed, elapsedMs: this.#now() };
    return { ...about, ...this.#tally.figures(this.#arrivals.length), stopped };
  }
}

/** What was still open when the run stopped has no answer, whatever its connection said when it was cut. */
function cut(outcome: Outcome): Outcome {
  return 'status' in outcome ? outcome : { code: 'UNANSWERED' };
}
