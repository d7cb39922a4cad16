import { describe, expect, it } from 'vitest';
import { describeStreams } from './streams.js';
import { describeTasksAhead } from './tasks-ahead.js';
import { block, flag, spawner, task, type EngineHarness } from './subject.js';

/** What the contract in lib/core/engine.ts asks of every engine. */
export function describeEngine(name: string, makeHarness: () => EngineHarness): void {
  describe(`the ${name} engine`, () => {
    const { spawn, ready } = spawner(makeHarness);

    it('says what it is', () => {
      const { engine } = makeHarness();
      expect(engine.presend).toBeGreaterThanOrEqual(0);
      expect(typeof engine.interrupts).toBe('boolean');
      if (engine.taskNames) expect(engine.taskNames).toContain('echo');
    });

    it('reports ready once, with its tasks and the thread', async () => {
      const { log, linger } = await ready();
      await linger();
      expect(log.reports).toEqual(['ready']);
      expect([...log.info!.tasks].sort()).toEqual(['count', 'echo', 'fail', 'forever', 'report', 'untilAborted']);
      expect(log.info!.threadId === null || log.info!.threadId > 0).toBe(true);
    });

    it('reports each task as started, then settled once, in order and with its timing', async () => {
      const { worker, log, until, linger } = await ready();
      const tasks = [1, 'two', { three: 3 }].map((value) => task('echo', value));
      for (const [index, each] of tasks.entries()) {
        worker.dispatch([each]);
        await until(() => log.outcomes.length > index);
      }
      await linger();
      expect(log.reports).toEqual(['ready', ...tasks.flatMap(() => ['started', 'settled'])]);
      expect(log.begun).toEqual(tasks);
      expect(log.outcomes.map((outcome) => [outcome.task, outcome.ok, outcome.value])).toEqual(
        tasks.map((each) => [each, true, each.args[0]]),
      );
      for (const { timing } of log.outcomes) {
        for (const ms of [timing.serviceMs, timing.cloneMs, timing.dispatchMs]) expect(ms).toBeGreaterThanOrEqual(0);
      }
    });

    it('says how many more tasks it has room for', async () => {
      const { worker, log, engine, until } = await ready();
      const { room } = worker;
      expect(room).toBeGreaterThan(engine.presend);
      worker.dispatch([task('echo', 1)]);
      expect(worker.room).toBe(room - 1);
      await until(() => log.outcomes.length === 1);
      expect(worker.room).toBe(room);
    });

    it('lets a throwing task fail alone', async () => {
      const { worker, log, until } = await ready();
      const [failing, next] = [task('fail', 'no good'), task('echo', 'well')];
      worker.dispatch([failing]);
      await until(() => log.outcomes.length === 1);
      worker.dispatch([next]);
      await until(() => log.outcomes.length === 2);
      expect(log.outcomesOf(failing)).toMatchObject([{ ok: false, value: expect.any(TypeError) }]);
      expect((log.outcomes[0]!.value as Error).message).toBe('no good');
      expect(log.outcomesOf(next)).toMatchObject([{ ok: true, value: 'well' }]);
      expect(log.exit).toBeNull();
    });

    it('carries an abort to the running task and still reports its end', async () => {
      const { worker, log, until, linger } = await ready();
      const running = flag();
      const each = task('untilAborted', running.memory, new AbortController().signal);
      worker.dispatch([each]);
      await until(running.isUp);
      expect(log.outcomes).toEqual([]);
      worker.abort(each, new Error('enough'));
      await until(() => log.outcomes.length === 1);
      expect(log.outcomes[0]).toMatchObject({ ok: false, value: expect.objectContaining({ message: 'enough' }) });
      await linger();
      expect(log.outcomesOf(each)).toHaveLength(1);
    });

    it('reports the end of a task that was aborted in the breath that sent it', async () => {
      const { worker, log, until, linger } = await ready();
      const each = task('untilAborted', flag().memory, new AbortController().signal);
      worker.dispatch([each]);
      worker.abort(each, new Error('enough'));
      await until(() => log.outcomes.length === 1);
      expect(log.outcomes[0]).toMatchObject({ task: each, ok: false });
      await linger();
      expect(log.outcomes).toHaveLength(1);
    });

    it('never runs a task that was terminated in the breath that sent it', async () => {
      const { worker, log, until, linger } = await ready();
      const running = flag();
      worker.dispatch([task('forever', running.memory)]);
      worker.terminate();
      await until(() => log.exit !== null);
      await linger();
      expect(log.outcomes).toEqual([]);
    });

    it('forgives an abort that comes too late, and the next task does not feel it', async () => {
      const { worker, log, until } = await ready();
      const [first, next] = [task('echo', 1), task('echo', 2)];
      worker.dispatch([first]);
      await until(() => log.outcomes.length === 1);
      worker.abort(first, new Error('late'));
      worker.abort(task('echo', 'never sent'), new Error('unknown'));
      worker.dispatch([next]);
      await until(() => log.outcomes.length === 2);
      expect(log.outcomes.map((outcome) => outcome.ok)).toEqual([true, true]);
    });

    it('lets no abort of a task that has just ended reach the next one', async () => {
      const { worker, log, until } = await ready();
      const running = flag();
      const [first, next] = [task('echo', 1), task('untilAborted', running.memory, new AbortController().signal)];
      worker.dispatch([first]);
      // Nothing is heard meanwhile: the task ends, its abort arrives, and only then its end is known.
      block(20);
      worker.abort(first, new Error('late'));
      block(20);
      await until(() => log.outcomes.length === 1);
      worker.dispatch([next]);
      await until(running.isUp);
      worker.abort(next, new Error('enough'));
      await until(() => log.outcomes.length === 2);
      expect(log.outcomes[1]!.value).toMatchObject({ message: 'enough' });
    });

    it('does not take back what has started, ended, or was never sent', async () => {
      const { worker, log, until } = await ready();
      const running = flag();
      const each = task('untilAborted', running.memory, new AbortController().signal);
      worker.dispatch([each]);
      await until(running.isUp);
      expect(worker.revoke(each)).toBe(false);
      expect(worker.revoke(task('echo', 'never sent'))).toBe(false);
      worker.abort(each, new Error('enough'));
      await until(() => log.outcomes.length === 1);
      expect(worker.revoke(each)).toBe(false);
    });

    it('that retires leaves without an error, as its last report', async () => {
      const { worker, log, until, linger } = await ready();
      const each = task('echo', 1);
      worker.dispatch([each]);
      await until(() => log.outcomes.length === 1);
      worker.retire();
      await until(() => log.exit !== null);
      await linger();
      expect(log.reports).toEqual(['ready', 'started', 'settled', 'exited']);
      expect(log.exit!.error).toBeUndefined();
      expect(log.exit!.code === null || log.exit!.code === 0).toBe(true);
    });

    it('terminated while a task runs exits with the claim started, and reports no end of the task', async () => {
      const { worker, log, until, linger } = await ready();
      const running = flag();
      const each = task('forever', running.memory);
      worker.dispatch([each]);
      await until(running.isUp);
      worker.terminate();
      await until(() => log.exit !== null);
      expect(log.exit!.claim(each)).toBe('started');
      await linger();
      expect(log.reports).toEqual(['ready', 'started', 'exited']);
    });

    it('terminated before it is ready never is', async () => {
      const { worker, log, until, linger } = spawn();
      worker.terminate();
      await until(() => log.exit !== null);
      await linger();
      expect(log.reports.at(-1)).toBe('exited');
      expect(log.reports.filter((report) => report === 'exited')).toHaveLength(1);
    });

    it('exits once, however often it is told to', async () => {
      const { worker, log, until, linger } = await ready();
      worker.retire();
      worker.terminate();
      worker.terminate();
      await until(() => log.exit !== null);
      worker.terminate();
      await linger();
      expect(log.reports).toEqual(['ready', 'exited']);
    });

    it('reports nothing of a task that ends after the exit', async () => {
      const { worker, log, until, linger } = await ready();
      const running = flag();
      const each = task('untilAborted', running.memory, new AbortController().signal);
      worker.dispatch([each]);
      await until(running.isUp);
      worker.terminate();
      worker.abort(each, new Error('enough'));
      await until(() => log.exit !== null);
      await linger();
      expect(log.reports.indexOf('exited')).toBe(log.reports.length - 1);
    });

    it('spawns in parallel, and its workers run tasks at the same time', async () => {
      const harness = makeHarness();
      const subjects = [1, 2, 3].map(() => spawn(harness));
      await harness.until(() => subjects.every(({ log }) => log.info !== null));
      const flags = subjects.map(flag);
      const tasks = subjects.map(({ worker }, index) => {
        const each = task('untilAborted', flags[index]!.memory, new AbortController().signal);
        worker.dispatch([each]);
        return each;
      });
      await harness.until(() => flags.every((running) => running.isUp()));
      for (const [index, { worker }] of subjects.entries()) worker.abort(tasks[index]!, new Error('enough'));
      await harness.until(() => subjects.every(({ log }) => log.outcomes.length === 1));
    });

    it('tells its vital signs at any time', async () => {
      const { worker, log, until } = spawn();
      const read = () => {
        for (const sign of Object.values(worker.vitals())) expect(sign).toBeGreaterThanOrEqual(0);
      };
      read();
      await until(() => log.info !== null);
      read();
      worker.terminate();
      read();
    });
  });

  describeStreams(name, makeHarness);
  // An engine that takes no tasks ahead has nothing to show here.
  if (makeHarness().engine.presend > 0) describeTasksAhead(name, makeHarness);
}
