import { expect, it } from 'vitest';
import type { TaskFn } from '../../lib/core/contract/pool-options.js';
import { createPool } from '../../lib/entries/create.js';
import { createAsyncEngine } from '../../lib/engines/async/async-engine.js';
import * as tasks from '../fixtures/tasks/conformance.js';
import { rejectionOf } from '../support/watch.js';
import { describeEngine } from './engine-conformance.js';
import { REAL_TIME } from './real-time.js';

describeEngine('async', () => ({
  engine: createAsyncEngine('conformance', new Map(Object.entries(tasks as Record<string, TaskFn>))),
  ...REAL_TIME,
}));

it('an async pool never calls a function whose call was cancelled in the same breath', async () => {
  let calls = 0;
  const pool = createPool({ name: 'calls', kind: 'async', size: { max: 1 }, tasks: { count: () => ++calls } });
  await pool.ready();
  const controller = new AbortController();
  const cancelled = pool.run('count', [], { signal: controller.signal });
  controller.abort(new Error('enough'));
  expect(await rejectionOf(cancelled)).toEqual(new Error('enough'));
  expect(await pool.run('count')).toBe(1);
  await pool.close();
});
