import { createPool, type Pool } from 'nestjs-dynamic-pool/core';
import { median } from '../statistics.js';
import { compare, type Case } from './case.js';

const tasks = new URL('../noop-tasks.js', import.meta.url);
const MORE_WORKERS = 4;

export const growing: Case = {
  id: 'O8',
  about: 'how long a growth holds up callers, for each worker that it adds',
  async measure(rounds) {
    const pool = createPool({ name: 'growing', tasks, size: { min: 1, max: 1 + MORE_WORKERS } });
    await pool.ready();
    const [held, ready]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      const begun = performance.now();
      const grown = pool.resize(1 + MORE_WORKERS);
      const heldMs = performance.now() - begun;
      await grown;
      if (round >= 0) held.push(heldMs / MORE_WORKERS);
      if (round >= 0) ready.push((performance.now() - begun) / MORE_WORKERS);
      await pool.resize(1);
    }
    await pool.close();
    return [
      { how: 'until the worker can take a task', value: median(ready), unit: 'ms' },
      { how: 'of that, resize() itself: nobody can submit', value: median(held), unit: 'ms' },
    ];
  },
};

class Reusable {
  task: unknown = null;
  state = 'queued';
  startedAt = 0;
}

export const preallocation: Case = {
  id: 'O11',
  about: 'what is there before it is needed: threads, and objects',
  async measure(rounds) {
    const [cold, warm]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      const pool = createPool({ name: 'cold', tasks, size: { min: 1, max: 1 } });
      const first = await timeCall(pool);
      const second = await timeCall(pool);
      await pool.close();
      if (round < 0) continue;
      cold.push(first);
      warm.push(second);
    }
    const free = [new Reusable()];
    return [
      { how: 'a call that waits for its thread to start', value: median(cold), unit: 'ms' },
      { how: 'a call to a thread that is there', value: median(warm), unit: 'ms' },
      ...compare(rounds, 1_000_000, {
        'an object for a task, new': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) {
            const item = new Reusable();
            hold(item);
            sum += item.startedAt;
          }
          return sum;
        },
        'an object for a task, from a free list': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) {
            const item = free.pop() ?? new Reusable();
            item.task = null;
            item.state = 'queued';
            item.startedAt = 0;
            hold(item);
            sum += item.startedAt;
            free.push(item);
          }
          return sum;
        },
      }),
    ];
  },
};

/** Somewhere outside, so that the object must exist. */
const held: { item: unknown } = { item: null };

function hold(item: unknown): void {
  held.item = item;
}

async function timeCall(pool: Pool): Promise<number> {
  const begun = performance.now();
  await pool.run('noop');
  return performance.now() - begun;
}
