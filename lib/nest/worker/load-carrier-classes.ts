import { PoolConfigError } from '../../core/errors.js';
import { exportedCarrier, isCarrierClass, type PlannedCarrier } from '../../engines/context/load-carriers.js';
import { importInTurn } from '../../engines/thread/import-in-turn.js';
import { exportedValues } from '../../engines/thread/module-tasks.js';
import { carrierFileError, carrierNotExportedError } from '../load-errors.js';
import type { AnyClass } from '../pooled-methods.js';
import type { WorkerPlan } from '../worker-plan.js';
import { importFile } from './load-classes.js';

/** A carrier of the plan, and what its class is in this thread. */
export interface LoadedCarrier {
  readonly planned: PlannedCarrier;
  readonly cls: AnyClass;
}

/**
 * Finds the classes of the plan's carriers among what their files export.
 * @throws PoolConfigError naming carrier, file and the ways out.
 */
export function loadCarrierClasses({ pool, carriers }: WorkerPlan): Promise<LoadedCarrier[]> {
  return importInTurn(carriers, async (planned) => ({ planned, cls: await loadCarrierClass(pool, planned) }));
}

export async function loadCarrierClass(pool: string, planned: PlannedCarrier): Promise<AnyClass> {
  const { name, file } = planned;
  if (file === null) throw carrierFileError(pool, planned);
  const exported = exportedValues(await importFile(pool, `the carrier ${name}`, file));
  const found = exportedCarrier(exported, name) ?? onlyClass(exported);
  if (typeof found === 'function') return found;
  throw found
    ? new PoolConfigError(`pool '${pool}': ${file} exports ${name} as an object; export its class.`, { pool })
    : carrierNotExportedError(pool, planned);
}

/** A class may go by another name here, when a tool renamed it on one side. */
function onlyClass(exported: readonly unknown[]): AnyClass | null {
  const classes = exported.filter(isCarrierClass);
  return classes.length === 1 ? classes[0]! : null;
}
