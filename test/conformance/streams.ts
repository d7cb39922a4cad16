import { describe, expect, it } from 'vitest';
import { STREAM_CREDITS } from '../../lib/core/engine.js';
import { answering, flag, spawner, task, type EngineHarness } from './subject.js';

const numbersUpTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What the contract asks of every engine about tasks that stream and report. */
export function describeStreams(name: string, makeHarness: () => EngineHarness): void {
  describe(`the ${name} engine, of tasks that stream (P11)`, () => {
    const { ready } = spawner(makeHarness);

    it('yields no more than there is credit for, and goes on as there is more', async () => {
      const { worker, log, until, linger } = await ready();
      const left = flag();
      const stream = answering('stream', 'count', 1_000, left.memory);
      worker.dispatch([stream]);
      await until(() => log.itemsOf(stream).length === STREAM_CREDITS);
      await linger();
      expect(log.itemsOf(stream)).toEqual(numbersUpTo(STREAM_CREDITS));
      worker.credit(stream, 5);
      await until(() => log.itemsOf(stream).length === STREAM_CREDITS + 5);
      await linger();
      expect(log.itemsOf(stream)).toEqual(numbersUpTo(STREAM_CREDITS + 5));
      expect([left.isUp(), log.outcomes]).toEqual([false, []]);
    });

    it('reports the end after the last item, once, with no value', async () => {
      const { worker, log, until, linger } = await ready();
      for (const count of [0, 1, STREAM_CREDITS, 40]) {
        const stream = answering('stream', 'count', count, flag().memory);
        worker.dispatch([stream]);
        worker.credit(stream, 40);
        await until(() => log.outcomesOf(stream).length > 0 || log.itemsOf(stream).length >= STREAM_CREDITS);
        if (log.outcomesOf(stream).length === 0) worker.credit(stream, 40);
        await until(() => log.outcomesOf(stream).length > 0);
        await linger();
        expect(log.itemsOf(stream)).toEqual(numbersUpTo(count));
        expect(log.outcomesOf(stream)).toMatchObject([{ ok: true, value: undefined }]);
      }
    });

    it('aborted while it waits for credit, is left at once', async () => {
      const { worker, log, until, linger } = await ready();
      const left = flag();
      const stream = answering('stream', 'count', 1_000, left.memory);
      worker.dispatch([stream]);
      await until(() => log.itemsOf(stream).length === STREAM_CREDITS);
      worker.abort(stream, new Error('enough'));
      await until(() => log.outcomesOf(stream).length === 1);
      expect(left.isUp()).toBe(true);
      expect(log.outcomesOf(stream)[0]).toMatchObject({ ok: false, value: { message: 'enough' } });
      worker.credit(stream, 10);
      const next = task('echo', 'next');
      worker.dispatch([next]);
      await until(() => log.outcomesOf(next).length === 1);
      await linger();
      expect(log.itemsOf(stream)).toHaveLength(STREAM_CREDITS);
    });

    it('that may return either says that it streams, before the first item', async () => {
      const { worker, log, until } = await ready();
      const stream = answering('either', 'count', 3, flag().memory);
      worker.dispatch([stream]);
      await until(() => log.outcomesOf(stream).length === 1);
      expect(log.told.filter((each) => each.task === stream).map(({ what }) => what)).toEqual([
        'opened',
        'item',
        'item',
        'item',
      ]);
      const value = answering('either', 'echo', [1, 2]);
      worker.dispatch([value]);
      await until(() => log.outcomesOf(value).length === 1);
      expect(log.outcomesOf(value)).toMatchObject([{ ok: true, value: [1, 2] }]);
      expect(log.told.filter((each) => each.task === value)).toEqual([]);
    });

    it('exits without its end', async () => {
      const { worker, log, until, linger } = await ready();
      const stream = answering('stream', 'count', 1_000, flag().memory);
      worker.dispatch([stream]);
      await until(() => log.itemsOf(stream).length === STREAM_CREDITS);
      worker.terminate();
      await until(() => log.exit !== null);
      worker.credit(stream, 10);
      await linger();
      expect(log.exit!.claim(stream)).toBe('started');
      expect([log.itemsOf(stream).length, log.outcomesOf(stream)]).toEqual([STREAM_CREDITS, []]);
    });

    it('tells progress, in order and before the end', async () => {
      const { worker, log, until, linger } = await ready();
      const reporting = task('report');
      worker.dispatch([reporting]);
      let known = -1;
      await until(() => {
        if (log.outcomes.length > 0 && known < 0) known = log.told.length;
        return known >= 0;
      });
      await linger();
      expect(log.told).toEqual(['a', { b: 2 }, 3].map((value) => ({ task: reporting, what: 'progress', value })));
      expect(known).toBe(3);
    });
  });
}
