import { WorkerCrashedError } from 'nestjs-dynamic-pool';
import { createTestPool, VirtualClock, type TestPool } from 'nestjs-dynamic-pool/testing';

/** A pool of the test kit, whose errors are those of the root entry. */
async function main(): Promise<void> {
  const clock = new VirtualClock();
  const tasks = { render: (title: string) => `${title}, rendered` };
  const pool: TestPool = createTestPool({ name: 'images', tasks, clock });
  const rendered = await pool.run('render', ['Sunset']);
  pool.workers.crashNext('render', { exitCode: 137 });
  const crash: unknown = await pool.run('render').catch((error: unknown) => error);
  await pool.close();
  process.send!({ rendered, isOfRootEntry: crash instanceof WorkerCrashedError });
  process.disconnect();
}

void main();
