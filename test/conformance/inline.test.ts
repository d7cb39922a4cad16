import { describe } from 'vitest';
import { systemClock, type Clock } from '../../lib/core/clock.js';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { InlineEngine } from '../../lib/engines/inline/inline-engine.js';
import { tasksOf } from '../../lib/engines/thread/module-tasks.js';
import { ErrorClasses } from '../../lib/engines/thread/wire/error-classes.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import * as tasks from '../fixtures/tasks/conformance.js';
import { actUntil } from '../support/watch.js';
import { describeEngine } from './engine-conformance.js';
import { REAL_TIME } from './real-time.js';

function inlineEngine(clock: Clock, bootMs: number): InlineEngine {
  return new InlineEngine({
    pool: resolvePoolOptions({ name: 'conformance' }),
    boot: () => ({ tasks: tasksOf(tasks) }),
    errorClasses: new ErrorClasses(),
    clock,
    bootMs,
    runHere: async () => undefined,
  });
}

describe('in real time', () => {
  describeEngine('inline', () => ({ engine: inlineEngine(systemClock, 0), ...REAL_TIME }));
});

describe('under a virtual clock', () => {
  describeEngine('inline', () => {
    const clock = new VirtualClock();
    return {
      engine: inlineEngine(clock, 10),
      until: (isMet) => actUntil(isMet, () => clock.advance(1)),
      linger: () => clock.advance(1_000),
    };
  });
});
