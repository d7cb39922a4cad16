import type { Outcome } from './exchange.js';
import { latencyOf, type LoadReport, type SecondReport } from './load-report.js';

/** Counts what becomes of requests, over the run and over the second at hand. */
export class LoadTally {
  readonly #objectiveMs: number | null;
  /** Of those that were answered, in the order of their answers. */
  readonly #latencies: Float64Array;
  readonly #byStatus: Record<string, number> = {};
  readonly #perSecond: SecondReport[] = [];
  #answered = 0;
  #ok = 0;
  #failed = 0;
  #late = 0;
  #behindMs = 0;
  /** The counts when the second at hand began. */
  #before = { arrived: 0, sent: 0, ok: 0, failed: 0, answered: 0 };
  sent = 0;
  delayed = 0;
  injected = 0;

  constructor(arrivals: number, objectiveMs: number | null) {
    this.#latencies = new Float64Array(arrivals);
    this.#objectiveMs = objectiveMs;
  }

  behind(ms: number): void {
    this.#behindMs = Math.max(this.#behindMs, ms);
  }

  settle(outcome: Outcome, latencyMs: number): void {
    const isAnswered = 'status' in outcome;
    const name = isAnswered ? outcome.status : outcome.code;
    this.#byStatus[name] = (this.#byStatus[name] ?? 0) + 1;
    if (isAnswered && outcome.status < 400) this.#ok++;
    else this.#failed++;
    if (isAnswered) this.#latencies[this.#answered++] = latencyMs;
    if (this.#objectiveMs !== null && (!isAnswered || latencyMs > this.#objectiveMs)) this.#late++;
  }

  /** Whether anything happened since the last second was closed. */
  hasNews(arrived: number): boolean {
    const before = this.#before;
    return arrived !== before.arrived || this.#ok !== before.ok || this.#failed !== before.failed;
  }

  /** Closes the second at hand. */
  second(arrived: number, open: number): SecondReport {
    const before = this.#before;
    const report = {
      second: this.#perSecond.length + 1,
      arrived: arrived - before.arrived,
      sent: this.sent - before.sent,
      ok: this.#ok - before.ok,
      failed: this.#failed - before.failed,
      open,
      waiting: arrived - this.sent,
      latency: latencyOf(this.#latencies.slice(before.answered, this.#answered)),
    };
    this.#before = { arrived, sent: this.sent, ok: this.#ok, failed: this.#failed, answered: this.#answered };
    this.#perSecond.push(report);
    return report;
  }

  /** The figures of the run, of which `arrivals` is the number of requests that the shape called for. */
  figures(arrivals: number): Omit<LoadReport, 'url' | 'shape' | 'seed' | 'elapsedMs' | 'stopped'> {
    return {
      sent: this.sent,
      unsent: arrivals - this.sent,
      ok: this.#ok,
      failed: this.#failed,
      byStatus: { ...this.#byStatus },
      delayed: this.delayed,
      injected: this.injected,
      latency: latencyOf(this.#latencies.slice(0, this.#answered)),
      late: this.#objectiveMs === null ? null : this.#late / Math.max(1, this.sent),
      behindMs: this.#behindMs,
      perSecond: [...this.#perSecond],
    };
  }
}
