import type { NamedCarrier } from '../../../core/named-carriers.js';
import { surroundings } from '../../context/surroundings.js';
import type { TaskHost } from '../task-host.js';
import { certificate, workerNumber } from './certificate.js';
import { runningTask } from './running-task.js';

/** A host whose tasks run inside what carriers captured on main. The carriers are closed after all else. */
export function inSurroundings(host: TaskHost, carriers: readonly NamedCarrier[]): TaskHost {
  if (carriers.length === 0) return host;
  const { pool } = certificate();
  const about = () => ({ pool, workerId: workerNumber(), ...(runningTask() ?? { task: '', attempt: 1 }) });
  return {
    ...host,
    ...surroundings(carriers, about),
    close: async () => {
      await host.close?.();
      await Promise.all(carriers.map(async ({ carrier }) => carrier.close?.()));
    },
  };
}
