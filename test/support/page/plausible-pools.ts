import type { DryRunResult, PoolHistory, PoolView } from '../../../lib/core/contract/operation.js';
import type { Decision } from '../../../lib/core/scaling/contract.js';
import { decision, failure, poolView, worker } from './pool-views.js';
import type { FakeAdmin } from './fake-admin.js';

const POINTS = 600;

/** Ten minutes of a pool under waves of load, the same each time: for looking at the page, not for testing figures. */
export function plausibleHistory(pool: string, now: number, peak: number, serviceMs: number, max: number): PoolHistory {
  const noise = sequence(pool.length * 7919);
  const rows = Array.from({ length: POINTS }, (_, i) => {
    const wave = 0.45 + 0.35 * Math.sin(i / 70 + pool.length) + (i > 380 && i < 470 ? 0.45 : 0);
    const arrivals = Math.max(0, peak * wave * (0.9 + 0.2 * noise()));
    const needed = (arrivals * serviceMs) / 1000;
    const target = Math.max(1, Math.min(max, Math.ceil(needed * 1.25)));
    const busy = Math.min(target, Math.round(needed + noise() - 0.5));
    const lack = Math.max(0, needed / target - 0.86);
    const queueDepth = Math.round(lack * 90 * (0.6 + noise()));
    const waitP99Ms = 4 + lack * 900 * (0.7 + 0.6 * noise());
    return { arrivals, target, busy: Math.max(0, busy), queueDepth, waitP99Ms };
  });
  return {
    pool,
    everyMs: 1000,
    at: rows.map((_, i) => now - (POINTS - 1 - i) * 1000),
    size: rows.map(({ target }) => target),
    target: rows.map(({ target }, i) => rows[Math.min(POINTS - 1, i + 1)]?.target ?? target),
    busy: rows.map(({ busy }) => busy),
    queueDepth: rows.map(({ queueDepth }) => queueDepth),
    arrivals: rows.map(({ arrivals }) => arrivals),
    ended: rows.map(({ arrivals }) => arrivals),
    waitP50Ms: rows.map(({ waitP99Ms }) => waitP99Ms / 7),
    waitP99Ms: rows.map(({ waitP99Ms }) => waitP99Ms),
    oldestMs: rows.map(({ queueDepth, waitP99Ms }) => (queueDepth === 0 ? 0 : waitP99Ms * 0.8)),
  };
}

/** Three pools of a back office, one of them in need. */
export function furnish(admin: FakeAdmin): void {
  const now = Date.now();
  const rates = plausibleHistory('rates', now, 130, 42, 8);
  const views = [
    atEndOf(rates, {
      max: 8,
      tasks: { 'RatesService.convert': task(48_211, 12, 41.8), 'RatesService.history': task(911, 0, 212.4) },
      workers: Array.from({ length: rates.size.at(-1)! }, (_, i) =>
        worker(i + 1, i < rates.busy.at(-1)! ? 'RatesService.convert' : null),
      ),
    }),
    atEndOf(plausibleHistory('images', now, 9, 160, 2), {
      max: 2,
      queueCapacity: 64,
      health: {
        pool: 'images',
        status: 'degraded',
        reasons: ['At its maximum of 2 for 6 min: more work than it may take on.'],
      },
    }),
    atEndOf(plausibleHistory('reports', now, 1.2, 700, 1), {
      max: 1,
      queueCapacity: 64,
      policy: null,
      objectiveMs: null,
      autoscaler: null,
    }),
  ];
  for (const view of views) admin.pools.set(view.name, view);
  admin.histories.set('rates', rates);
  admin.histories.set('images', plausibleHistory('images', now, 9, 160, 2));
  admin.histories.set('reports', plausibleHistory('reports', now, 1.2, 700, 1));
  admin.decisions.set('rates', decisionsOf(rates));
  admin.failures.set('rates', [
    failure('RatesService.convert', 'TypeError', 9),
    failure('RatesService.convert', 'TASK_TIMEOUT', 3),
  ]);
  admin.dryRun = dryRunOf(rates);
}

function atEndOf(history: PoolHistory, given: Partial<PoolView>): PoolView {
  const last = (column: readonly number[]) => column.at(-1)!;
  const p99 = last(history.waitP99Ms);
  return poolView(history.pool, {
    size: last(history.size),
    target: last(history.target),
    busy: last(history.busy),
    queueDepth: last(history.queueDepth),
    wait: { mean: p99 / 5, p50: p99 / 7, p99, max: p99 * 1.3, oldest: last(history.oldestMs) },
    ...given,
  });
}

function task(count: number, failed: number, serviceMs: number): PoolView['tasks'][string] {
  return { count, failed, inlined: 0, serviceMs, cloneMs: 0.02, dispatchMs: 0.05, worthOffloading: true };
}

function decisionsOf(history: PoolHistory): Decision[] {
  const found: Decision[] = [];
  history.target.forEach((to, i) => {
    const from = history.target[i - 1] ?? to;
    if (from === to) return;
    const arrivalRate = history.arrivals[i]!;
    const signals = { arrivalRate, queueDepth: history.queueDepth[i]!, utilization: history.busy[i]! / from };
    const at = history.at[i]!;
    const isHeld = found.length % 5 === 4;
    const reason =
      to > from
        ? `${to} workers keep 99 of 100 waits within 100 ms at ${arrivalRate.toFixed(1)} tasks/s`
        : `${from - to} spare worker has not been used for 60 s`;
    const held = isHeld ? { to: from, heldBy: 'cooldown', repeated: 7 } : { to };
    found.push(decision(history.pool, found.length + 1, { at, from, proposed: to, reason, signals, ...held }));
  });
  return found.slice(-200);
}

function dryRunOf(history: PoolHistory): DryRunResult {
  const at = history.at.slice(300);
  const size = history.size.slice(300);
  return {
    pool: history.pool,
    from: at[0]!,
    to: at.at(-1)!,
    tasks: 18_442,
    objectiveMs: 100,
    present: { policy: 'balanced', lateShare: 0.0041, workerSeconds: 1288, resizes: 31, series: { at, size } },
    proposed: {
      policy: 'latency',
      lateShare: 0.0007,
      workerSeconds: 1630,
      resizes: 9,
      series: { at, size: size.map((_, i) => Math.min(8, Math.max(...size.slice(Math.max(0, i - 60), i + 1)) + 1)) },
    },
  };
}

/** Numbers 0..1, the same each time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
