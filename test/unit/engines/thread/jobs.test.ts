import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SharedTable } from '../../../../lib/engines/thread/shared-layout.js';
import { findBuffers } from '../../../../lib/engines/thread/wire/buffers.js';
import { AbortSignals } from '../../../../lib/engines/thread/worker/abort-signals.js';
import { isThenable, JobReader, unpackArguments, type Job } from '../../../../lib/engines/thread/worker/jobs.js';

const [first, second] = [() => 1, () => 2];

function read(...messages: Parameters<JobReader['read']>[0][]): Job[] {
  const tasks = new Map([
    ['first', first],
    ['second', second],
  ]);
  const around = <R>(context: unknown, run: () => R) => [context, run()] as R;
  const reader = new JobReader({ tasks, around }, { answer: (job, returned) => [job.slot, returned] });
  const jobs: (Job | null)[] = [];
  for (const message of messages) reader.read(message, jobs);
  return jobs as Job[];
}

describe('a message with tasks', () => {
  it('is read one task after the other, each with its function and its own arguments', () => {
    expect(read([4, 1, 2, 'a', 'b', 0, 0, 0, 7, 1, 1, null])).toMatchObject([
      { slot: 4, name: 'second', run: second, args: ['a', 'b'], signals: null, buffers: null, extras: null },
      { slot: 0, name: 'first', run: first, args: [], signals: null, buffers: null, extras: null },
      { slot: 7, name: 'second', run: second, args: [null], signals: null, buffers: null, extras: null },
    ]);
  });

  it('takes a number among the arguments for no slot', () => {
    expect(read([4, 0, 3, 1, 1, 1, 5, 1, 0]).map((job) => [job.slot, job.name, job.args])).toEqual([
      [4, 'first', [1, 1, 1]],
      [5, 'second', []],
    ]);
  });

  it('may be about one task only, with signals and Buffers', () => {
    expect(read({ slot: 3, name: 0, args: [null, 2], signals: [0], buffers: null, extras: null })).toMatchObject([
      { slot: 3, name: 'first', run: first, args: [null, 2], signals: [0], buffers: null, extras: null },
    ]);
  });

  it('runs its task with what main captured of the caller’s surroundings, where it captured any (U8)', () => {
    const extras = { attempt: 1, context: 'captured', answer: 'value' as const };
    const [inContext] = read({ slot: 0, name: 0, args: [], signals: null, buffers: null, extras });
    expect(inContext!.run()).toEqual(['captured', 1]);
    const again = { attempt: 2, context: undefined, answer: 'value' as const };
    const [without] = read({ slot: 0, name: 0, args: [], signals: null, buffers: null, extras: again });
    expect(without!.run()).toBe(1);
  });

  it('answers with a stream inside what surrounds the call (P11, U8)', () => {
    const extras = { attempt: 1, context: 'captured', answer: 'stream' as const };
    const [streaming] = read({ slot: 9, name: 0, args: [], signals: null, buffers: null, extras });
    expect(streaming!.run()).toEqual(['captured', [9, 1]]);
  });

  it('is read behind what was read before', () => {
    expect(
      read([1, 0, 0], { slot: 2, name: 1, args: [], signals: null, buffers: null, extras: null }, [3, 0, 0]),
    ).toMatchObject([{ slot: 1 }, { slot: 2 }, { slot: 3 }]);
  });
});

describe('the arguments of a task', () => {
  function signals(): AbortSignals {
    const { port1 } = new MessageChannel();
    onTestFinished(() => port1.close());
    return new AbortSignals(SharedTable.forSlots(4), port1);
  }

  it('are given as they came', () => {
    const args = [1, { two: 2 }];
    expect(unpackArguments(read([0, 0, 2, ...args])[0]!, signals())).toEqual(args);
  });

  it('have a live signal of their own in the place of the caller’s', () => {
    const live = signals();
    const [job] = read({ slot: 2, name: 0, args: ['a', null, null], signals: [1, 2], buffers: null, extras: null });
    const [, one, other] = unpackArguments(job!, live);
    expect(one).toBeInstanceOf(AbortSignal);
    expect(one).toBe(other);
    expect(one).toBe(live.of(2));
  });

  it('have Buffers again where the caller had some', () => {
    const sent = [{ inner: Buffer.from('abc') }];
    const [job] = read({
      slot: 0,
      name: 0,
      args: structuredClone(sent),
      signals: null,
      buffers: findBuffers(sent),
      extras: null,
    });
    const [{ inner }] = unpackArguments(job!, signals()) as [{ inner: Buffer }];
    expect(Buffer.isBuffer(inner)).toBe(true);
    expect(inner.toString()).toBe('abc');
  });
});

describe('a result', () => {
  it.each<[string, unknown]>([
    ['a promise', Promise.resolve()],
    ['an object with then()', having({}, 'then', { value: () => undefined })],
    ['a function with then()', having(() => 1, 'then', { value: () => undefined })],
  ])('is awaited where it is %s', (_, value) => {
    expect(isThenable(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'then'],
    ['an object', {}],
    ['an object whose then is no function', having({}, 'then', { value: 1 })],
    ['a function', () => 1],
  ])('is not where it is %s', (_, value) => {
    expect(isThenable(value)).toBe(false);
  });

  it('that throws when it is asked fails its task', () => {
    const get = () => {
      throw new Error('trap');
    };
    const trap = having({}, 'then', { get });
    expect(() => isThenable(trap)).toThrow('trap');
  });
});

function having(target: object, key: string, property: PropertyDescriptor): object {
  return Object.defineProperty(target, key, property);
}
