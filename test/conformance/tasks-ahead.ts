import { describe, expect, it } from 'vitest';
import type { EngineTask } from '../../lib/core/engine.js';
import { flag, spawner, task, type EngineHarness, type Log } from './subject.js';

/** A task that runs until it is aborted, and whether it does. */
function longTask() {
  const { memory, isUp } = flag();
  return { long: task('untilAborted', memory, new AbortController().signal), isRunning: isUp };
}

/** Every end has its beginning: told before, or with it. */
function expectBeginnings(log: Log): void {
  for (const outcome of log.outcomes) {
    expect(log.begun.includes(outcome.task) || outcome.startedAt !== undefined).toBe(true);
  }
}

/** What the contract asks of an engine whose workers take tasks ahead of their turn. */
export function describeTasksAhead(name: string, makeHarness: () => EngineHarness): void {
  describe(`the ${name} engine, of tasks that wait at a worker`, () => {
    const { ready } = spawner(makeHarness);

    /** A worker that runs a task, with others behind it. */
    async function busy(...behind: EngineTask[]) {
      const subject = await ready();
      const { long, isRunning } = longTask();
      subject.worker.dispatch([long, ...behind]);
      await subject.until(isRunning);
      const end = () => subject.worker.abort(long, new Error('enough'));
      return { ...subject, long, end };
    }

    it('runs those that came together one by one, and reports their ends in order', async () => {
      const { worker, log, until, linger } = await ready();
      const tasks = [
        ...[1, 'two', null, true, 5n].map((value) => task('echo', value)),
        task('fail', 'no good'),
        task('echo', { seven: [7] }),
        task('echo', false),
      ];
      worker.dispatch(tasks);
      expect(log.begun[0]).toBe(tasks[0]);
      await until(() => log.outcomes.length === tasks.length);
      await linger();
      expect(log.outcomes.map((outcome) => outcome.task)).toEqual(tasks);
      expect(log.outcomes.map(({ ok, value }) => (ok ? value : (value as Error).message))).toEqual([
        ...[1, 'two', null, true, 5n],
        'no good',
        { seven: [7] },
        false,
      ]);
      expectBeginnings(log);
    });

    it('takes as many as it has room for', async () => {
      const { worker, log, engine, until } = await ready();
      const { room } = worker;
      const tasks = Array.from({ length: engine.presend + 1 }, (_, index) => task('echo', index));
      worker.dispatch(tasks);
      expect(worker.room).toBe(room - tasks.length);
      await until(() => log.outcomes.length === tasks.length);
      expect(log.outcomes.map((outcome) => outcome.value)).toEqual(tasks.map((_, index) => index));
      expect(worker.room).toBe(room);
      expectBeginnings(log);
    });

    it('begins none before the one in front of it has ended', async () => {
      const next = longTask();
      const { worker, log, end, until, linger } = await busy(next.long);
      await linger();
      expect(next.isRunning()).toBe(false);
      expect(log.begun).not.toContain(next.long);
      end();
      await until(next.isRunning);
      await until(() => log.begun.includes(next.long));
      worker.abort(next.long, new Error('enough'));
      await until(() => log.outcomes.length === 2);
    });

    it('gives one back that waits behind another; it never begins, and has no end', async () => {
      const { long: taken, isRunning } = longTask();
      const kept = task('echo', 'kept');
      const { worker, log, long, end, until, linger } = await busy(taken, kept);
      expect(worker.revoke(taken)).toBe(true);
      expect(worker.revoke(taken)).toBe(false);
      end();
      await until(() => log.outcomes.length === 2);
      await linger();
      expect(log.outcomes.map((outcome) => outcome.task)).toEqual([long, kept]);
      expect(log.begun).not.toContain(taken);
      expect(isRunning()).toBe(false);
    });

    it('says when there is room again for what was given back', async () => {
      const taken = [1, 2].map((value) => task('echo', value));
      const { worker, log, end, until } = await busy(...taken);
      for (const each of taken) expect(worker.revoke(each)).toBe(true);
      const settled = () => log.reports.filter((report) => report === 'settled').length;
      end();
      await until(() => log.outcomes.length === 1 && settled() > 0);
      const fresh = (await ready()).worker.room;
      await until(() => worker.room === fresh);
    });

    it('takes the same task again right after it gave it back', async () => {
      const [again, other] = [task('echo', 'again'), task('echo', 'other')];
      const { worker, log, long, end, until, linger } = await busy(again, other);
      expect(worker.revoke(again)).toBe(true);
      worker.dispatch([again]);
      end();
      await until(() => log.outcomes.length === 3);
      await linger();
      expect(log.outcomes.map((outcome) => outcome.task)).toEqual([long, other, again]);
      expect(log.outcomes[2]).toMatchObject({ ok: true, value: 'again' });
    });

    it('gives it back a second time as well', async () => {
      const again = task('echo', 'again');
      const { worker, log, end, until, linger } = await busy(again);
      expect(worker.revoke(again)).toBe(true);
      worker.dispatch([again]);
      expect(worker.revoke(again)).toBe(true);
      end();
      await until(() => log.outcomes.length === 1);
      worker.dispatch([again]);
      await until(() => log.outcomes.length === 2);
      await linger();
      expect(log.outcomesOf(again)).toMatchObject([{ ok: true, value: 'again' }]);
    });

    it('passes over one that is aborted before its turn, and says so then', async () => {
      const { long: aborted, isRunning } = longTask();
      const last = task('echo', 'last');
      const { worker, log, long, end, until, linger } = await busy(aborted, last);
      worker.abort(aborted, new Error('never mind'));
      end();
      await until(() => log.outcomes.length === 3);
      await linger();
      expect(log.outcomes.map((outcome) => [outcome.task, outcome.ok])).toEqual([
        [long, false],
        [aborted, false],
        [last, true],
      ]);
      expect(isRunning()).toBe(false);
    });

    it('terminated, says that those which waited never began', async () => {
      const waiting = [1, 2].map((value) => task('echo', value));
      const { worker, log, long, until, linger } = await busy(...waiting);
      worker.terminate();
      await until(() => log.exit !== null);
      await linger();
      expect(log.exit!.claim(long)).toBe('started');
      expect(waiting.map((each) => log.exit!.claim(each))).toEqual(['sent', 'sent']);
      expect(log.outcomes).toEqual([]);
    });
  });
}
