import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import { startThread } from '../../../../lib/engines/thread/start-thread.js';
import type { ThreadEngineOptions } from '../../../../lib/engines/thread/thread-engine.js';

it('leaves no port open where Node.js refuses a thread (U8)', async () => {
  const tasks = new URL('../../../fixtures/tasks/basics.js', import.meta.url);
  const pool = resolvePoolOptions({ name: 'main', tasks, size: { max: 1 }, worker: { execArgv: ['--nonsense'] } });
  const engine = { pool, entry: tasks, plan: () => null } as unknown as ThreadEngineOptions;
  const [taskPorts, abortPorts] = [new MessageChannel(), new MessageChannel()];
  const closed = Promise.all([once(taskPorts.port1, 'close'), once(abortPorts.port1, 'close')]);
  const dowry = { port: taskPorts.port2, abortPort: abortPorts.port2, table: new SharedArrayBuffer(8) };
  expect(() => startThread(engine, 1, dowry)).toThrow('--nonsense');
  await closed;
});
