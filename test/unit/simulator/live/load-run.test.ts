import { describe, expect, it } from 'vitest';
import type { Exchange, Outcome } from '../../../../lib/simulator/live/exchange.js';
import { checkedLoad, type LiveRequest, type RunLoadOptions } from '../../../../lib/simulator/live/live-options.js';
import { LoadRun } from '../../../../lib/simulator/live/load-run.js';
import type { LoadReport, SecondReport } from '../../../../lib/simulator/live/load-report.js';
import {
  constant,
  poissonArrivals,
  poissonWorkload,
  slowDownstream,
  withErrors,
} from '../../../../lib/simulator/load/index.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

/** A service of virtual time: `answerMs` says how long a request takes that is sent at `now`, or null for never. */
class FakeExchange implements Exchange {
  readonly sent: LiveRequest[] = [];
  open = 0;
  mostOpen = 0;
  isClosed = false;
  readonly #cut: Array<() => void> = [];

  constructor(
    readonly clock: VirtualClock,
    readonly answerMs: (now: number) => number | null,
    readonly outcome: (request: LiveRequest) => Outcome = () => ({ status: 200 }),
  ) {}

  send(request: LiveRequest): Promise<Outcome> {
    this.sent.push(request);
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    return new Promise((resolve) => {
      let isSettled = false;
      const settle = (outcome: Outcome) => {
        if (isSettled) return;
        isSettled = true;
        this.open--;
        resolve(outcome);
      };
      const ms = this.answerMs(this.clock.now());
      if (ms !== null) this.clock.schedule(ms, () => settle(this.outcome(request)));
      this.#cut.push(() => settle({ code: 'ECONNRESET' }));
    });
  }

  close(): void {
    this.isClosed = true;
    for (const cut of this.#cut) cut();
  }
}

const shape = constant({ perSecond: 100, durationMs: 2_000 });
const arrivals = poissonArrivals(shape, 1).length;

async function run(
  options: Partial<RunLoadOptions> = {},
  answerMs: (now: number) => number | null = () => 10,
  outcome?: (request: LiveRequest) => Outcome,
): Promise<{ report: LoadReport; exchange: FakeExchange; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const exchange = new FakeExchange(clock, answerMs, outcome);
  const load = checkedLoad({ url: 'http://127.0.0.1/work', shape, ...options });
  const ended = new LoadRun(load, exchange, clock).run();
  await clock.advance(60_000);
  return { report: await ended, exchange, clock };
}

describe('a load against a live service (L1)', () => {
  it('sends every arrival of the shape, as the same workload would have it', async () => {
    const { report, exchange, clock } = await run({ objectiveMs: 50 });
    expect(report).toMatchObject({ sent: arrivals, unsent: 0, ok: arrivals, failed: 0, delayed: 0, injected: 0 });
    expect(report).toMatchObject({ byStatus: { 200: arrivals }, late: 0, stopped: false, shape: 'constant', seed: 1 });
    expect(report.latency.p50).toBeGreaterThanOrEqual(10);
    // The timer's whole millisecond, and nothing else.
    expect(report.latency.max).toBeLessThanOrEqual(11.001);
    expect(report.behindMs).toBeLessThanOrEqual(1);
    expect(exchange.isClosed).toBe(true);
    expect(clock.scheduled).toBe(0);
  });

  it('reports by the second what adds up to the whole', async () => {
    const seconds: SecondReport[] = [];
    const { report } = await run({ onSecond: (second) => seconds.push(second) });
    expect(report.perSecond).toEqual(seconds);
    expect(seconds.map(({ second }) => second)).toEqual(seconds.map((_, index) => index + 1));
    for (const key of ['arrived', 'sent', 'ok'] as const) {
      expect(seconds.reduce((sum, second) => sum + second[key], 0)).toBe(arrivals);
    }
    expect(seconds[0]!.arrived).toBe(poissonArrivals(shape, 1).filter((at) => at <= 999).length);
  });

  it('counts latency from when a request was due, so that a stall is not left out (coordinated omission)', async () => {
    // One connection, and a service that stalls once, for a second.
    let stalled = false;
    const stall = (now: number) => {
      if (stalled || now < 500) return 1;
      stalled = true;
      return 1_000;
    };
    const { report, exchange } = await run({ connections: 1, objectiveMs: 100 }, stall);
    expect(exchange.mostOpen).toBe(1);
    expect(report).toMatchObject({ sent: arrivals, ok: arrivals });
    // About 100 fell due while it stalled, and waited 500 ms on average; a closed loop would have seen one slow request.
    expect(report.delayed).toBeGreaterThan(80);
    expect(report.late).toBeGreaterThan(0.35);
    expect(report.latency.p99).toBeGreaterThan(900);
    expect(report.latency.mean).toBeGreaterThan(200);
  });

  it('never has more connections open than it may, and says who waited', async () => {
    const { report, exchange } = await run({ connections: 3 }, () => 50);
    expect(exchange.mostOpen).toBe(3);
    expect(report.sent).toBe(arrivals);
    expect(report.delayed).toBeGreaterThan(arrivals / 2);
    expect(Math.max(...report.perSecond.map(({ waiting }) => waiting))).toBeGreaterThan(20);
  });

  it('counts what it could not send, and what was never answered, once it has waited long enough', async () => {
    const { report, exchange } = await run({ connections: 4, settleMs: 1_000, objectiveMs: 100 }, () => null);
    expect(report).toMatchObject({
      sent: 4,
      unsent: arrivals - 4,
      ok: 0,
      failed: 4,
      byStatus: { UNANSWERED: 4 },
      late: 1,
    });
    expect(report.elapsedMs).toBeLessThanOrEqual(3_000);
    expect(report.latency).toEqual({ mean: 0, p50: 0, p99: 0, max: 0 });
    expect(exchange.open).toBe(0);
  });

  it('keeps sending while answers fail, and counts them by status or code', async () => {
    let n = 0;
    const outcome = () => (n++ % 2 === 0 ? { status: 503 } : { code: 'ECONNREFUSED' });
    const { report } = await run({ objectiveMs: 100 }, () => 1, outcome);
    expect(report).toMatchObject({ sent: arrivals, ok: 0, failed: arrivals });
    expect(report.byStatus[503]! + report.byStatus['ECONNREFUSED']!).toBe(arrivals);
    expect(report.late).toBeCloseTo(0.5, 1);
  });

  it('tells the service which work to slow and to fail, the same as a workload of the seed', async () => {
    const failing = withErrors(slowDownstream({ perSecond: 100, durationMs: 2_000, fromMs: 500, toMs: 1_000 }), {
      share: 0.3,
      fromMs: 0,
      toMs: 2_000,
    });
    const { report, exchange } = await run({ shape: failing, headers: { accept: 'text/plain' } });
    const workload = poissonWorkload(failing, { seed: 1 });
    expect(exchange.sent.map(({ headers }) => (headers['x-load-fail'] === '1' ? 1 : 0))).toEqual([
      ...workload.failures!,
    ]);
    expect(exchange.sent.map(({ headers }) => headers['x-load-service-factor'])).toEqual(
      Array.from(workload.arrivals, (at) => (at >= 500 && at < 1_000 ? '10' : undefined)),
    );
    expect(exchange.sent.every(({ headers }) => headers['accept'] === 'text/plain')).toBe(true);
    expect(report.injected).toBe(workload.failures!.reduce((sum, failed) => sum + failed, 0));
  });

  it('lets the caller say what a slow or a failing request is', async () => {
    const failing = withErrors(shape, { share: 1, fromMs: 0, toMs: 2_000 });
    const { exchange } = await run({ shape: failing, vary: ({ fails }) => ({ path: fails ? '/broken' : '/work' }) });
    expect(exchange.sent.every(({ path, method }) => path === '/broken' && method === 'GET')).toBe(true);
  });

  it('stops when it is told to, and reports what was done', async () => {
    const clock = new VirtualClock();
    const exchange = new FakeExchange(clock, () => 300);
    const stop = new AbortController();
    const load = checkedLoad({ url: 'http://127.0.0.1/', shape, signal: stop.signal });
    const ended = new LoadRun(load, exchange, clock).run();
    await clock.advance(1_000);
    stop.abort();
    await settleMicrotasks();
    const report = await ended;
    expect(report.stopped).toBe(true);
    expect(report.sent + report.unsent).toBe(arrivals);
    expect(report.ok + report.failed).toBe(report.sent);
    expect(report.byStatus['UNANSWERED']).toBeGreaterThan(10);
    expect(clock.now()).toBe(1_000);
    expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ report: { sent: 0, unsent: arrivals } });
  });

  it.each([
    { onSecond: () => boom() },
    { vary: () => boom(), shape: withErrors(shape, { share: 1, fromMs: 0, toMs: 2_000 }) },
  ])("fails with what the caller's function throws, and leaves nothing behind", async (options) => {
    const clock = new VirtualClock();
    const exchange = new FakeExchange(clock, () => 10);
    const load = checkedLoad({ url: 'http://127.0.0.1/', shape, ...options });
    const ended = new LoadRun(load, exchange, clock).run().catch((error: Error) => error.message);
    await clock.advance(3_000);
    expect(await ended).toBe('boom');
    expect(exchange.isClosed).toBe(true);
    expect(clock.scheduled).toBe(0);
  });

  it('ends at once where the shape has no arrivals', async () => {
    const { report } = await run({ shape: constant({ perSecond: 0 }) });
    expect(report).toMatchObject({ sent: 0, unsent: 0, late: null, perSecond: [] });
  });
});

function boom(): never {
  throw new Error('boom');
}
