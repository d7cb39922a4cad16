import { describe, expect, it } from 'vitest';
import { range } from './batch-pool.js';
import { threadPool } from './thread-pool.js';

/** Tasks that are sent at once, and what each takes: many turns of 5 ms. */
const TASKS = 100;
const SPIN_US = 1_000;

describe('what a task leaves behind gets its turn, though short tasks follow each other', () => {
  it.each([
    ['a timer', 'startTimer', 'spinAndTell', {}],
    ['an immediate', 'leaveImmediate', 'spinAndTell', {}],
    ['a microtask', 'leaveMicrotask', 'spinAndTell', {}],
    ['a timer, among tasks that await', 'startTimer', 'spinAndTellLater', {}],
    ['a timer, in a worker that parks', 'startTimer', 'spinAndTell', { parking: true }],
  ])('%s', async (_, task, shortTask, worker) => {
    const pool = threadPool('background', { size: { max: 1 }, worker });
    // So short that all of them are sent ahead, in one message.
    await Promise.all(range(0, 100).flatMap(() => [pool.run(task, [-1]), pool.run(shortTask, [0])]));
    const calls = [pool.run<void>(task, [1]), ...range(0, TASKS).map(() => pool.run<number>(shortTask, [SPIN_US]))];
    const results = await Promise.all(calls);
    expect(results.at(-1)).toBe(1);
  });
});
