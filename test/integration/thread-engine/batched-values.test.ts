import { describe, expect, it } from 'vitest';
import { TaskCloneError, type Pool } from '../../../lib/entries/core.js';
import { WANTED } from '../../fixtures/tasks/results.js';
import { Random } from '../../support/random.js';
import { range } from './batch-pool.js';
import { threadPool } from './thread-pool.js';

const KINDS = Object.keys(WANTED);

/** One call of a batch, and what must become of it. */
interface Case {
  readonly name: string;
  run(pool: Pool): Promise<unknown>;
  check(result: PromiseSettledResult<unknown>): void;
}

function returns(name: string, run: (pool: Pool) => Promise<unknown>, wanted: unknown): Case {
  return { name, run, check: (result) => expect(result, name).toStrictEqual({ status: 'fulfilled', value: wanted }) };
}

function throws(task: string, args: readonly unknown[], wanted: object): Case {
  const check = (result: PromiseSettledResult<unknown>) =>
    expect(result, task).toMatchObject({ status: 'rejected', reason: wanted });
  return { name: task, run: (pool) => pool.run(task, args), check };
}

const makers = ['make', 'makeLater', 'makeThenable'];
const CASES: readonly Case[] = [
  ...makers.flatMap((task) =>
    KINDS.map((kind) => returns(`${task} ${kind}`, (pool) => pool.run(task, [kind]), WANTED[kind])),
  ),
  throws('makeThrowingThen', [], { name: 'TypeError', message: 'no then for you' }),
  throws('makeRejectedThenable', [], { name: 'RangeError', message: 'rejected by a thenable' }),
  throws('makeUncloneable', [], { code: 'TASK_CLONE', path: 'result.list[1]' }),
  throws('makeUncloneableLater', [], { code: 'TASK_CLONE', path: 'result.list[1]' }),
  throws('makeSymbol', [], { code: 'TASK_CLONE', path: 'result' }),
  throws('makeFunction', [], { code: 'TASK_CLONE', path: 'result' }),
  throws('fail', ['at once'], { name: 'RangeError', message: 'at once' }),
  throws('failLater', ['later'], { name: 'RangeError', message: 'later' }),
  throws('failPlainly', [{ plain: true }], { plain: true }),
  throws('all', [() => 1], { code: 'TASK_CLONE', path: 'args[0]' }),
  throws('all', [1, Symbol('x')], { code: 'TASK_CLONE', path: 'args[1]' }),
];

describe('values of tasks that are sent in one turn', () => {
  it.each([1, 2, 3])('arrive exactly, each at its own caller, and in order: batch %i', async (seed) => {
    const pool = threadPool('results', { size: { max: 1 } });
    await pool.ready();
    const random = new Random(seed);
    const batch = range(0, 300).map(() => random.pick(CASES));
    const order: number[] = [];
    const calls = batch.map(({ run }, index) => {
      const call = run(pool);
      const note = () => void order.push(index);
      call.then(note, note);
      return call;
    });
    const results = await Promise.allSettled(calls);
    for (const [index, { check }] of batch.entries()) check(results[index]!);
    // What cannot be cloned on its way to the worker fails before anything is sent.
    const isRefused = (index: number) => isRefusal(results[index]!);
    expect(order.filter((index) => !isRefused(index))).toEqual(range(0, 300).filter((index) => !isRefused(index)));
    expect(pool.snapshot().counters).toMatchObject({ submitted: 300, crashes: 0 });
  });

  it('arrive exactly as arguments, alone and in any company', async () => {
    const pool = threadPool('results', { size: { max: 1 } });
    const primitives = KINDS.map((kind) => WANTED[kind]).filter((value) => Object(value) !== value);
    expect(primitives).toHaveLength(15);
    const lists = [
      [],
      ...primitives.map((value) => [value]),
      primitives,
      [...primitives, { object: primitives }],
      range(0, 5_000),
      [],
    ];
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all(lists.map((list) => pool.run('all', list)))).toStrictEqual(lists);
    }
  });

  it('keep no one waiting: a batch of nothing but refusals and failures ends', async () => {
    const pool = threadPool('results', { size: { max: 2 } });
    const bad = ['makeUncloneable', 'fail', 'makeThrowingThen', 'makeSymbol'];
    const results = await Promise.allSettled(range(0, 400).map((index) => pool.run(bad[index % 4]!, [])));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { failed: 400, crashes: 0 } });
  });
});

function isRefusal(result: PromiseSettledResult<unknown>): boolean {
  const reason: unknown = result.status === 'rejected' && result.reason;
  return reason instanceof TaskCloneError && reason.path.startsWith('args');
}
