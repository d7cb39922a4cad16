import { describe, expect, it } from 'vitest';
import { entriesOf, quarantineOf } from '../../../lib/admin/quarantine-view.js';
import { requireEntryId } from '../../../lib/admin/http/check-input.js';
import type { QuarantinedTask } from '../../../lib/core/contract/quarantine.js';
import { WorkerCrashedError } from '../../../lib/core/errors.js';
import { settleMicrotasks } from '../../support/virtual-clock.js';
import { fakePool } from '../../support/fake-pool.js';
import { watch } from '../../support/watch.js';

/** What is told of how the last worker exited. */
function told(cause: unknown, message = `pool 'p': worker 1 exited. Cause: ${String((cause as Error)?.message)}`) {
  const error = new WorkerCrashedError(message, { pool: 'p', exitCode: 1, phase: 'started', cause });
  const [entry] = entriesOf([{ id: 1, task: 'work', crashes: 3, since: 0, error }], 1);
  return entry!.error;
}

describe('what is told of a quarantine (P9)', () => {
  it('has of the cause its code, or the name of its class, and not a word of its message', () => {
    expect(told(new RangeError('card 4111 1111'))).toBe("pool 'p': worker 1 exited. Cause: RangeError.");
    const code = 'ERR_WORKER_OUT_OF_MEMORY';
    expect(told(Object.assign(new Error('heap'), { code }))).toBe(`pool 'p': worker 1 exited. Cause: ${code}.`);
    expect(told(Object.assign(new Error('x'), { code: 'card 4111 1111' }))).not.toContain('4111');
    expect(told(undefined, "pool 'p': worker 1 exited with code 1.")).toBe("pool 'p': worker 1 exited with code 1.");
    expect(told(new Error('first Cause: card 4111'))).toBe("pool 'p': worker 1 exited. Cause: Error.");
  });

  it('is bounded, and an error that must not be looked at does no harm', () => {
    expect(told(undefined, 'x'.repeat(10_000))).toHaveLength(501);
    const hostile = Object.defineProperty(new Error('x'), 'code', {
      get() {
        throw new Error('hands off');
      },
    });
    expect(told(hostile)).toBe("pool 'p': worker 1 exited. Cause: Error.");
    const { error } = entry(1);
    const [long] = entriesOf([{ ...entry(1), task: 't'.repeat(1_000), error }], 1);
    expect(long!.task).toHaveLength(200);
  });

  it('counts those that it leaves out', () => {
    const service = { quarantined: () => [entry(1), entry(2), entry(3)] };
    const view = quarantineOf(service as never, 'p', 2);
    expect([view.total, view.entries.map(({ id }) => id)]).toEqual([3, [1, 2]]);
  });

  it('says the same of a pool whose worker an error took, as a pool makes it', async () => {
    const { pool, engine, clock } = await fakePool({ quarantine: { afterCrashes: 1 } });
    watch(pool.run('work', ['secret']));
    await settleMicrotasks();
    engine.running[0]!.crash(7, new TypeError('cannot read secret'));
    await clock.advance(1);
    const [task] = pool.quarantine.list();
    expect(task!.error.message).toContain('cannot read secret');
    expect(entriesOf([task!], 1)[0]!.error).toMatch(/exited with code 7 while it ran 'work'\. Cause: TypeError\.$/);
  });
});

describe('the id of an entry', () => {
  it('that is unknown is refused with those that there are, 20 at most', () => {
    const entries = Array.from({ length: 25 }, (_, index) => ({ id: index + 1 }));
    expect(() => requireEntryId('p', entries, 99)).toThrow(/In quarantine: 1, 2, .*, 20 and 5 more\.$/);
    expect(() => requireEntryId('p', [], 1)).toThrow('Nothing is in quarantine.');
    expect([requireEntryId('p', entries, 25), requireEntryId('p', [], undefined)]).toEqual([25, undefined]);
  });
});

function entry(id: number): QuarantinedTask {
  const error = new WorkerCrashedError('gone', { pool: 'p', exitCode: 1, phase: 'started' });
  return { id, task: 'work', crashes: 3, since: 0, error };
}
