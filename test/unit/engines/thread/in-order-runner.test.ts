import { setImmediate } from 'node:timers/promises';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { clockOrigin, type ToMain } from '../../../../lib/engines/thread/protocol.js';
import { Claims, SharedTable } from '../../../../lib/engines/thread/shared-layout.js';
import { AbortSignals } from '../../../../lib/engines/thread/worker/abort-signals.js';
import type { CurrentTask } from '../../../../lib/engines/thread/worker/contexts.js';
import { InOrderRunner } from '../../../../lib/engines/thread/worker/in-order-runner.js';
import type { Job } from '../../../../lib/engines/thread/worker/jobs.js';
import { logLines } from '../../../../lib/engines/thread/worker/log-lines.js';
import { MailWait } from '../../../../lib/engines/thread/worker/mail-wait.js';
import { Replies } from '../../../../lib/engines/thread/worker/replies.js';

/** A runner on this thread, what main would hear of it, and mail that its event loop has not delivered. */
function setUp({ parking = false } = {}) {
  const [tasks, aborts] = [new MessageChannel(), new MessageChannel()];
  onTestFinished(() => {
    tasks.port1.close();
    aborts.port1.close();
  });
  // A thread that sleeps needs a clock that goes.
  if (!parking) {
    const start = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => start + computedMs);
    onTestFinished(() => clock.mockRestore());
  }
  const table = SharedTable.forSlots(64);
  const birth = {
    pool: 'pool',
    workerId: 1,
    concurrency: 1,
    parking,
    port: tasks.port1,
    abortPort: aborts.port1,
    table: table.buffer,
    origin: clockOrigin(),
    plan: undefined,
  };
  const current: CurrentTask = { job: null };
  const mail: Job[][] = [];
  const runner = new InOrderRunner(
    table,
    new AbortSignals(table, aborts.port1),
    current,
    new Replies(birth, table, { flush: () => undefined, posted: 0 }),
    new MailWait(table, parking),
    (jobs) => void jobs.push(...(mail.shift() ?? [])),
  );
  let slot = 0;
  /** A task that was sent. */
  const job = (run: (...args: never[]) => unknown, ...args: unknown[]): Job => {
    table.send(slot);
    const rest = { signals: null, buffers: null, extras: null, isRunning: false, hasPosted: false };
    return { slot: slot++, name: 'task', run: run as Job['run'], args, ...rest };
  };
  const heard = () => {
    const messages: ToMain[] = [];
    for (let next = receiveMessageOnPort(tasks.port2); next; next = receiveMessageOnPort(tasks.port2)) {
      messages.push(next.message as ToMain);
    }
    return messages;
  };
  const results = (jobs: readonly Job[]) => jobs.map((each) => table.result(each.slot));
  const claims = (jobs: readonly Job[]) => jobs.map((each) => table.claim(each.slot));
  return { runner, table, current, mail, job, heard, results, claims };
}

/** Milliseconds of tasks that compute, on top of a clock that stands still: what else the machine does must not end a turn. */
let computedMs = 0;

/** Computes for longer than a turn of the event loop may be put off. */
function computeLong(): void {
  computedMs += 6;
}

describe('a thread that does one task after the other', () => {
  it('does them in order and in one go, and wakes main once for all', () => {
    const { runner, job, heard, results, claims } = setUp();
    const done: number[] = [];
    const jobs = [1, 2, 3].map((n) => job((x: number) => done.push(x) * 10, n));
    runner.take(jobs);
    expect(done).toEqual([1, 2, 3]);
    expect(results(jobs)).toEqual([10, 20, 30]);
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.DONE, Claims.DONE]);
    expect(heard()).toEqual([null]);
  });

  it('wakes main again only when main has looked', () => {
    const { runner, table, job, heard } = setUp();
    runner.take([job(() => 1)]);
    runner.take([job(() => 2)]);
    expect(heard()).toEqual([null]);
    table.awake();
    runner.take([job(() => 3)]);
    expect(heard()).toEqual([null]);
  });

  it('passes over what was taken back, and says so', () => {
    const { runner, table, job, heard, results, claims } = setUp();
    const never = vi.fn<() => void>();
    const jobs = [job(never), job(() => 2)];
    table.revoke(jobs[0]!.slot);
    runner.take(jobs);
    expect(never).not.toHaveBeenCalled();
    expect(claims(jobs)).toEqual([Claims.SKIPPED, Claims.DONE]);
    expect(results(jobs)[1]).toBe(2);
    expect(heard()).toEqual([null]);
  });

  it('wakes main even if all was taken back', () => {
    const { runner, table, job, heard } = setUp();
    const only = job(() => 1);
    table.revoke(only.slot);
    runner.take([only]);
    expect(heard()).toEqual([null]);
  });

  it('awaits a promise before it goes on, and announces first what is done', async () => {
    const { runner, table, job, heard, claims } = setUp();
    let open!: (value: string) => void;
    const jobs = [job(() => 1), job(() => new Promise((resolve) => (open = resolve))), job(() => 3)];
    runner.take(jobs);
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.STARTED, Claims.SENT]);
    expect(heard()).toEqual([null]);
    table.awake();
    open('two');
    await setImmediate();
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.DONE, Claims.DONE]);
    expect(heard()).toEqual([[jobs[1]!.slot, 'two', null], null]);
  });

  it('takes in what comes meanwhile, behind the rest', async () => {
    const { runner, job, results } = setUp();
    const done: string[] = [];
    const jobs = ['a', 'b', 'c'].map((name) =>
      job(async () => {
        await null;
        done.push(name);
      }),
    );
    for (const each of jobs) runner.take([each]);
    await setImmediate();
    expect(done).toEqual(['a', 'b', 'c']);
    expect(results(jobs)).toEqual([undefined, undefined, undefined]);
  });

  it.each<[string, () => unknown]>([
    ['throws', () => raise()],
    ['rejects', async () => raise()],
    ['returns what throws when it is looked at', () => having('then', { get: raise })],
    ['returns a thenable that fails', () => having('then', { value: failing })],
  ])('goes on after one that %s', async (_, run) => {
    const { runner, job, heard, claims, results } = setUp();
    const jobs = [job(run), job(() => 'next')];
    runner.take(jobs);
    await setImmediate();
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.DONE]);
    const messages = heard();
    expect(messages[0]).toMatchObject({ kind: 'error', slot: jobs[0]!.slot });
    expect(messages).toContainEqual([jobs[1]!.slot, 'next', null]);
    expect(results(jobs)).toHaveLength(2);
  });

  it('posts what does not fit into a slot, after it has said that it is done', () => {
    const { runner, table, job, heard } = setUp();
    const jobs = [job(() => 'text'), job(() => ({ a: 1 })), job(() => () => 1)];
    runner.take(jobs);
    expect(heard()).toEqual([
      [jobs[0]!.slot, 'text', null],
      [jobs[1]!.slot, { a: 1 }, null],
      expect.objectContaining({ kind: 'error', slot: jobs[2]!.slot }),
    ]);
    expect(jobs.map(({ slot }) => table.isPosted(slot))).toEqual([true, true, true]);
    // The one that could not be posted takes no number: main counts what it reads.
    expect(jobs.slice(0, 2).map(({ slot }) => table.message(slot))).toEqual([1, 2]);
    const next = job(() => 'more');
    runner.take([next]);
    expect(table.message(next.slot)).toBe(3);
  });

  it('tells when each began and how long it ran', () => {
    const { runner, table, job } = setUp();
    const before = performance.now();
    const jobs = [job(computeLong), job(() => 2)];
    runner.take(jobs.slice(0, 1));
    expect(table.startedAt(jobs[0]!.slot)).toBeGreaterThan(before - 1);
    expect(table.serviceMs(jobs[0]!.slot)).toBeGreaterThanOrEqual(6);
  });

  it('lets the event loop have its turn after 5 ms of work, and announces before', async () => {
    const { runner, job, heard, claims } = setUp();
    const jobs = [job(computeLong), job(() => 2)];
    runner.take(jobs);
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.SENT]);
    expect(heard()).toEqual([null]);
    runner.take([job(() => 3)]);
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.SENT]);
    await setImmediate();
    expect(claims(jobs)).toEqual([Claims.DONE, Claims.DONE]);
  });

  it('knows which task runs, also while it awaits', async () => {
    const { runner, current, job } = setUp();
    const seen: unknown[] = [];
    const jobs = [0, 1].map(() =>
      job(async () => {
        seen.push(current.job?.slot);
        await null;
        seen.push(current.job?.slot);
      }),
    );
    runner.take(jobs);
    await setImmediate();
    expect(seen).toEqual([0, 0, 1, 1]);
    expect(current.job).toBeNull();
  });

  it('posts the result of a task that logged, behind its lines: from the table main could read it first (U8)', () => {
    const { runner, table, job, heard, claims } = setUp();
    const [silent, logging, next] = [job(() => 1), job(() => (logLines.posted++, 2)), job(() => 3)];
    runner.take([silent, logging, next]);
    expect(claims([silent, logging, next])).toEqual([Claims.DONE, Claims.DONE, Claims.DONE]);
    expect([silent, logging, next].map(({ slot }) => table.isPosted(slot))).toEqual([false, true, false]);
    expect(heard()).toContainEqual([logging.slot, 2, null]);
  });

  it('reads on where its event loop has not delivered yet', () => {
    const { runner, mail, job, results } = setUp();
    const [first, ...later] = [1, 2, 3].map((n) => job(() => n));
    mail.push([later[0]!], [later[1]!]);
    runner.take([first!]);
    expect(results(later)).toEqual([2, 3]);
  });
});

describe('a thread that parks', () => {
  it('sleeps when its work is done, and gets up for mail', () => {
    const { runner, table, mail, job, results } = setUp({ parking: true });
    const [first, second] = [job(() => 1), job(() => 2)];
    const park = vi.spyOn(table, 'park').mockImplementationOnce(() => void mail.push([second]));
    runner.take([first]);
    expect(park).toHaveBeenCalled();
    expect(results([first, second])).toEqual([1, 2]);
  });

  it('does not sleep while a task awaits', () => {
    const { runner, table, job } = setUp({ parking: true });
    const park = vi.spyOn(table, 'park');
    runner.take([job(() => new Promise(() => {}))]);
    expect(park).not.toHaveBeenCalled();
  });

  it('lets the event loop have its turn every few milliseconds', async () => {
    const { runner, table, job } = setUp({ parking: true });
    vi.spyOn(table, 'park');
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    runner.take([job(() => 1)]);
    await vi.waitFor(() => expect(turns).toBeGreaterThan(1));
    clearInterval(counting);
  });

  it('does not where it was not asked to', () => {
    const { runner, table, job } = setUp();
    const park = vi.spyOn(table, 'park');
    runner.take([job(() => 1)]);
    expect(park).not.toHaveBeenCalled();
  });
});

function raise(): never {
  throw new Error('no');
}

function failing(_: unknown, reject: (error: Error) => void): void {
  reject(new Error('no'));
}

function having(key: string, property: PropertyDescriptor): object {
  return Object.defineProperty({}, key, property);
}
