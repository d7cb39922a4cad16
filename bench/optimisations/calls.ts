import { createPool, type Pool } from 'nestjs-dynamic-pool/core';
import { timeWorks } from '../micro.js';
import { openNoopPool, timeNoops } from '../noop-pool.js';
import { median } from '../statistics.js';
import type { Case, Figure } from './case.js';

const tasks = new URL('../noop-tasks.js', import.meta.url);
const CALLS = 2_000;

export const refusing: Case = {
  id: 'O12',
  about: 'a call to a full pool, for its caller',
  async measure(rounds) {
    const full = await pausedPool(1);
    const roomy = await pausedPool((rounds + 1) * CALLS);
    const queued = [full.run('noop')];
    const [refused, accepted]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      let begun = performance.now();
      for (let i = 0; i < CALLS; i++) await full.run('noop').catch(() => undefined);
      if (round >= 0) refused.push(((performance.now() - begun) * 1e3) / CALLS);
      begun = performance.now();
      for (let i = 0; i < CALLS; i++) queued.push(roomy.run('noop'));
      if (round >= 0) accepted.push(((performance.now() - begun) * 1e3) / CALLS);
    }
    for (const call of queued) call.catch(() => undefined);
    await Promise.all([full.close({ force: true }), roomy.close({ force: true })]);
    return [
      { how: 'refused at once', value: median(refused), unit: 'us' },
      { how: 'queued, for comparison', value: median(accepted), unit: 'us' },
    ];
  },
};

async function pausedPool(capacity: number): Promise<Pool> {
  const pool = createPool({ name: `room for ${capacity}`, tasks, size: { min: 1, max: 1 }, queue: { capacity } });
  await pool.ready();
  // A refusal tells when to try again, from the service times that were measured.
  for (let i = 0; i < 100; i++) await pool.run('noop');
  pool.pause();
  return pool;
}

const IN_ONE_TASK = 100;

export const trivialWork: Case = {
  id: 'O14',
  about: 'work that is nothing: through a pool, in batches, or in place',
  async measure(rounds) {
    const pool = await openNoopPool(2);
    const [single, batched]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      const ns = await timeNoops(pool, 10_000, 64);
      const begun = performance.now();
      for (let i = 0; i < 100; i++) await pool.run('noops', [IN_ONE_TASK]);
      if (round < 0) continue;
      single.push(ns);
      batched.push(((performance.now() - begun) * 1e6) / (100 * IN_ONE_TASK));
    }
    await pool.close();
    const { inPlace } = timeWorks({ inPlace: callInPlace }, rounds, 1_000_000);
    return [
      { how: 'a task each, 64 under way', value: median(single), unit: 'ns' },
      { how: `${IN_ONE_TASK} in a task, one task after the other`, value: median(batched), unit: 'ns' },
      { how: 'called in place', value: inPlace, unit: 'ns' },
    ] satisfies Figure[];
  },
};

function callInPlace(times: number): number {
  let count = 0;
  const work = () => void count++;
  for (let i = 0; i < times; i++) work();
  return count;
}
