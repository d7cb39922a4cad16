import { describe, expect, it } from 'vitest';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { createThreadEngine } from '../../lib/engines/thread/thread-engine.js';
import { ErrorClasses } from '../../lib/engines/thread/wire/error-classes.js';
import { describeEngine } from './engine-conformance.js';
import { REAL_TIME } from './real-time.js';
import { block, spawner, task, type EngineHarness } from './subject.js';

const file = new URL('../fixtures/tasks/conformance.js', import.meta.url).href;

const makeHarness = (): EngineHarness => ({
  engine: createThreadEngine({
    pool: resolvePoolOptions({ name: 'conformance' }),
    entry: new URL('../../lib/engines/thread/worker/module-entry.js', import.meta.url),
    plan: () => ({ pool: 'conformance', file }),
    errorClasses: new ErrorClasses(),
    runHere: async () => undefined,
  }),
  ...REAL_TIME,
});

describeEngine('thread', makeHarness);

describe('a thread', () => {
  const { ready } = spawner(makeHarness);

  it('is asked for results that this thread had no time to hear of', async () => {
    const { worker, log } = await ready();
    const tasks = [1, { two: 2 }, 3].map((value) => task('echo', value));
    worker.dispatch(tasks);
    for (let tries = 0; log.outcomes.length < tasks.length && tries < 1_000; tries++) {
      block(5);
      worker.poll();
    }
    expect(log.outcomes.map((outcome) => [outcome.task, outcome.value])).toEqual(
      tasks.map((each) => [each, each.args[0]]),
    );
    expect(log.begun).toEqual(expect.arrayContaining([tasks[0]]));
  });
});
