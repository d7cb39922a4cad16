import fc from 'fast-check';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineTask } from '../../../../lib/core/engine.js';
import { TaskCloneError } from '../../../../lib/core/errors.js';
import type { PackedTasks, TaskMessage } from '../../../../lib/engines/thread/protocol.js';
import { Claims, SharedTable } from '../../../../lib/engines/thread/shared-layout.js';
import { NONE, SlotBook } from '../../../../lib/engines/thread/slot-book.js';
import { TaskSender } from '../../../../lib/engines/thread/task-sender.js';
import { JobReader, type Job } from '../../../../lib/engines/thread/worker/jobs.js';

const NAMES = ['double', 'echo'];

let lastId = 0;

function taskOf(name: string, args: readonly unknown[], more: Partial<EngineTask> = {}): EngineTask {
  return {
    id: ++lastId,
    name,
    args,
    transfer: undefined,
    signalArgs: [],
    slot: NONE,
    attempt: 1,
    context: undefined,
    answer: 'value',
    ...more,
  };
}

/** A sender, and what arrives at the other end. */
function channel(slots = 20) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const table = SharedTable.forSlots(slots);
  const book = new SlotBook(slots);
  const sender = new TaskSender('pool', port1, table, book);
  sender.learnNames(NAMES);
  const arrived = () => {
    const messages: (PackedTasks | TaskMessage)[] = [];
    for (let next = receiveMessageOnPort(port2); next; next = receiveMessageOnPort(port2)) {
      messages.push(next.message as PackedTasks | TaskMessage);
    }
    return messages;
  };
  return { sender, table, book, arrived };
}

/** Reads messages as a worker does. */
function jobsOf(messages: readonly (PackedTasks | TaskMessage)[]): Job[] {
  const reader = new JobReader(
    { tasks: new Map(NAMES.map((name) => [name, () => name])) },
    { answer: () => undefined },
  );
  const jobs: (Job | null)[] = [];
  for (const message of messages) reader.read(message, jobs);
  return jobs.filter((job) => job !== null);
}

/** Node.js 20 sends memory that has moved before as empty, Node.js 24 refuses. */
function movesTwice(): boolean {
  const { port1, port2 } = new MessageChannel();
  const memory = new ArrayBuffer(8);
  port1.postMessage(memory, [memory]);
  try {
    port1.postMessage(memory, [memory]);
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
    port2.close();
  }
}

describe('tasks on their way to a worker', () => {
  it('go in one message where their arguments are primitive', () => {
    const { sender, table, book, arrived } = channel();
    const tasks = [taskOf('echo', [1, 'a']), taskOf('double', []), taskOf('echo', [null])];
    expect(sender.send(tasks)).toEqual([]);
    const [a, b, c] = tasks.map((task) => task.slot);
    expect(arrived()).toEqual([[a, 1, 2, 1, 'a', b, 0, 0, c, 1, 1, null]]);
    expect(tasks.map((task) => table.claim(task.slot))).toEqual([Claims.SENT, Claims.SENT, Claims.SENT]);
    expect(tasks.map((task) => book.message[task.slot])).toEqual([1, 1, 1]);
    expect(table.mail).toBe(1);
  });

  it('go alone where they have objects, which no other task may share, and in order', () => {
    const { sender, book, arrived } = channel();
    const shared = { n: 1 };
    const tasks = [
      taskOf('echo', [1]),
      taskOf('echo', [2]),
      taskOf('echo', [shared]),
      taskOf('echo', [shared, shared]),
      taskOf('echo', [3]),
    ];
    sender.send(tasks);
    const messages = arrived();
    expect(messages).toHaveLength(4);
    expect(tasks.map((task) => book.message[task.slot])).toEqual([1, 1, 2, 3, 4]);
    const jobs = jobsOf(messages);
    expect(jobs.map((job) => job.args)).toEqual(tasks.map((task) => task.args));
    expect(jobs[3]!.args[0]).toBe(jobs[3]!.args[1]);
    expect(jobs[3]!.args[0]).not.toBe(jobs[2]!.args[0]);
  });

  it('say which arguments are signals, and where Buffers are', () => {
    const { sender, arrived } = channel();
    const { signal } = new AbortController();
    sender.send([taskOf('echo', [1, signal], { signalArgs: [1] }), taskOf('echo', [{ inner: Buffer.from('abc') }])]);
    const [withSignal, withBuffer] = jobsOf(arrived());
    expect(withSignal).toMatchObject({ name: 'echo', args: [1, null], signals: [1], buffers: null });
    expect(withBuffer!.signals).toBeNull();
    expect(withBuffer!.buffers).not.toBeNull();
  });

  it('go alone where something of the caller’s goes with them, or where they run again (U8, P9)', () => {
    const { sender, arrived } = channel();
    sender.send([taskOf('double', [1], { context: { trace: 'abc' } }), taskOf('double', [2], { attempt: 2 })]);
    expect(arrived()).toMatchObject([
      { args: [1], extras: { attempt: 1, context: { trace: 'abc' } } },
      { args: [2], extras: { attempt: 2, context: undefined } },
    ]);
  });

  it('share a message where all they have is memory that moves', () => {
    const { sender, book, arrived } = channel();
    const buffers = [8, 16, 24].map((bytes) => new ArrayBuffer(bytes));
    const tasks = buffers.map((buffer) => taskOf('echo', [buffer, 'x'], { transfer: [buffer] }));
    sender.send([...tasks, taskOf('echo', [1])]);
    expect(buffers.map((buffer) => buffer.byteLength)).toEqual([0, 0, 0]);
    const messages = arrived();
    expect(messages).toHaveLength(1);
    expect(jobsOf(messages).map(({ args: [first] }) => (first as ArrayBuffer).byteLength ?? first)).toEqual([
      8, 16, 24, 1,
    ]);
    expect(tasks.map((task) => book.message[task.slot])).toEqual([1, 1, 1]);
  });

  it('go alone where what moves is seen through an object, or is no plain memory', () => {
    const { sender, arrived } = channel();
    const bytes = new Uint8Array(8);
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port2.close());
    sender.send([
      taskOf('echo', [1]),
      taskOf('echo', [bytes], { transfer: [bytes.buffer] }),
      taskOf('echo', [port1], { transfer: [port1] }),
      taskOf('echo', [2]),
    ]);
    expect(arrived()).toHaveLength(4);
  });

  it('go one by one where two of them move the same memory: the first has it; the other an empty one, or is refused, as Node.js has it', () => {
    const { sender, arrived } = channel();
    const [once, twice] = [new ArrayBuffer(8), new ArrayBuffer(16)];
    const tasks = [twice, once, twice].map((buffer) => taskOf('echo', [buffer], { transfer: [buffer] }));
    const refused = sender.send(tasks).map(({ task, ok, value }) => [task === tasks[2], ok, (value as Error).name]);
    const lengths = jobsOf(arrived()).map((job) => (job.args[0] as ArrayBuffer).byteLength);
    if (movesTwice()) expect([lengths, refused]).toEqual([[16, 8, 0], []]);
    else expect([lengths, refused]).toEqual([[16, 8], [[true, false, 'TaskCloneError']]]);
  });

  it('move what is in their transfer list', () => {
    const { sender, arrived } = channel();
    const buffer = new ArrayBuffer(8);
    sender.send([taskOf('echo', [buffer], { transfer: [buffer] })]);
    expect(buffer.byteLength).toBe(0);
    expect((jobsOf(arrived())[0]!.args[0] as ArrayBuffer).byteLength).toBe(8);
  });

  it('that cannot be cloned are refused one by one, and leave their places', () => {
    const { sender, table, book, arrived } = channel();
    const tasks = [
      taskOf('echo', [1]),
      taskOf('echo', [{ run: () => 1 }]),
      taskOf('echo', [Symbol('s')]),
      taskOf('echo', [2]),
    ];
    const refused = sender.send(tasks);
    expect(refused.map((outcome) => [outcome.task, outcome.ok])).toEqual([
      [tasks[1], false],
      [tasks[2], false],
    ]);
    for (const { value } of refused) expect(value).toBeInstanceOf(TaskCloneError);
    expect(refused[0]!.value).toMatchObject({ path: 'args[0].run' });
    expect(refused[0]!.timing).toMatchObject({ serviceMs: 0 });
    expect(jobsOf(arrived()).map((job) => job.args)).toEqual([[1], [2]]);
    expect(book.room).toBe(18);
    expect([tasks[1], tasks[2]].map((task) => book.slotOf(task!))).toEqual([NONE, NONE]);
    const claims = Array.from({ length: 20 }, (_, slot) => table.claim(slot));
    expect(claims.filter((claim) => claim !== Claims.FREE)).toEqual([Claims.SENT, Claims.SENT]);
    // Of the two that went, each was a message: the count of messages skips none.
    expect([tasks[0], tasks[3]].map((task) => book.message[task!.slot])).toEqual([1, 2]);
  });

  it('cost what posting their message took, shared among them', () => {
    const { sender, book } = channel();
    const tasks = Array.from({ length: 4 }, (_, index) => taskOf('echo', [index]));
    sender.send(tasks);
    const costs = tasks.map((task) => book.cloneMs[task.slot]!);
    expect(new Set(costs).size).toBe(1);
    expect(costs[0]).toBeGreaterThanOrEqual(0);
  });

  it('arrive as they were, whatever primitive arguments they have', () => {
    const primitive = fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.bigInt(),
      fc.constantFrom(null, undefined, -0, Number.NaN),
    );
    const call = fc.record({ name: fc.constantFrom(...NAMES), args: fc.array(primitive, { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
        const { sender, arrived } = channel();
        const tasks = calls.map(({ name, args }) => taskOf(name, args));
        sender.send(tasks);
        const messages = arrived();
        expect(messages).toHaveLength(calls.length === 0 ? 0 : 1);
        expect(jobsOf(messages).map(({ slot, name, args }) => ({ slot, name, args }))).toEqual(
          tasks.map(({ slot, name, args }) => ({ slot, name, args })),
        );
      }),
    );
  });
});
