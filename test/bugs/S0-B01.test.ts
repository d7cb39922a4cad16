import { expect, test } from 'vitest';
import { PoolAutoscaler } from '../../lib/core/scaling/autoscaler.js';
import { resolveScaling } from '../../lib/core/scaling/resolve-scaling.js';
import type { Decider } from '../../lib/core/scaling/contract.js';
import type { Ticker } from '../../lib/core/scaling/ticker.js';
import { fakePool } from '../support/fake-pool.js';
import { settleMicrotasks } from '../support/virtual-clock.js';

/** One worker more than it sees, each time. */
const oneMore: Decider = { decide: ({ snapshot }) => ({ target: snapshot.target + 1, why: 'one more' }) };

/** Ticks when the test says so. */
class HandTicker implements Ticker {
  isRunning = false;
  tick = () => {};

  start(_everyMs: number, tick: () => void): void {
    this.isRunning = true;
    this.tick = tick;
  }

  stop(): void {
    this.isRunning = false;
  }
}

test('S0-B01: resizes, ticks and calls of one turn see what the one before has written: no update is lost', async () => {
  const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 64 } });
  const ticker = new HandTicker();
  const events = { decision() {}, flapping() {}, fault() {} };
  const scaling = resolveScaling({ policy: { decider: oneMore } }, 'balanced')!;
  const autoscaler = new PoolAutoscaler('fake', pool, scaling, { kit: {}, clock, ticker, events });
  autoscaler.start();
  const resized: string[] = [];
  pool.on('resized', ({ from, to }) => resized.push(`${from} → ${to}`));
  const begin = (): Promise<unknown>[] => [pool.resize(8), pool.run('work'), pool.resize(3), pool.run('work')];

  const first = begin();
  ticker.tick();
  const second = begin();
  for (let tick = 0; tick < 20; tick++) ticker.tick();
  await settleMicrotasks();

  const ticked = Array.from({ length: 20 }, (_, tick) => `${3 + tick} → ${4 + tick}`);
  expect(resized).toEqual(['1 → 8', '8 → 3', '3 → 4', '4 → 8', '8 → 3', ...ticked]);
  const counters = { resizes: { up: 23, down: 2 }, submitted: 4 };
  expect(pool.snapshot()).toMatchObject({ target: 23, size: 23, live: 23, busy: 4, counters });
  expect(engine.alive).toHaveLength(23);

  for (const worker of engine.running) worker.end();
  await Promise.all([...first, ...second]);
  expect(pool.snapshot().counters.completed).toBe(4);
  autoscaler.stop();
});
