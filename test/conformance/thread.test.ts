import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { createThreadEngine } from '../../lib/engines/thread/thread-engine.js';
import { ErrorClasses } from '../../lib/engines/thread/wire/error-classes.js';
import { describeEngine } from './engine-conformance.js';
import { REAL_TIME } from './real-time.js';

const file = new URL('../fixtures/tasks/conformance.js', import.meta.url).href;

describeEngine('thread', () => ({
  engine: createThreadEngine({
    pool: resolvePoolOptions({ name: 'conformance' }),
    entry: new URL('../../lib/engines/thread/worker/module-entry.js', import.meta.url),
    plan: () => ({ pool: 'conformance', file }),
    errorClasses: new ErrorClasses(),
    runHere: async () => undefined,
  }),
  ...REAL_TIME,
}));
