import { PoolConfigError } from '../../core/errors.js';
import { importInTurn } from '../thread/import-in-turn.js';
import { loadFile } from '../thread/load-file.js';
import { exportedValues } from '../thread/module-tasks.js';
import { carrierName, isCarrier, type NamedCarrier } from '../../core/named-carriers.js';

/** A carrier that a worker is to have. */
export interface PlannedCarrier {
  readonly name: string;
  /** File URL of the code that declares its class; `null` where it is not known, or not for workers. */
  readonly file: string | null;
}

/** A class whose instances are carriers. */
export type CarrierClass = Function & { readonly prototype: object };

/** The carrier of this name among what a module exports, or its class; `null`: neither. */
export function exportedCarrier(
  exported: readonly unknown[],
  name: string,
): NamedCarrier['carrier'] | CarrierClass | null {
  const found = exported.find(
    (value) => (isCarrier(value) && carrierName(value) === name) || (isCarrierClass(value) && value.name === name),
  );
  return (found as NamedCarrier['carrier'] | CarrierClass | undefined) ?? null;
}

export function isCarrierClass(value: unknown): value is CarrierClass {
  return typeof value === 'function' && isCarrier(value.prototype);
}

/**
 * The carriers of a worker that serves the functions of a module: exported by that module, or by their own files.
 * @throws PoolConfigError for one that is not there, or that needs a container.
 */
export async function loadCarriers(
  pool: string,
  planned: readonly PlannedCarrier[],
  module: { readonly file: string; readonly exported: readonly unknown[] },
): Promise<readonly NamedCarrier[]> {
  return importInTurn(planned, async ({ name, file }) => {
    const found = exportedCarrier(module.exported, name) ?? (await declaredCarrier(name, file));
    if (!found) throw missing(pool, name, module.file);
    return { name, carrier: typeof found === 'function' ? build(pool, name, found) : found };
  });
}

async function declaredCarrier(
  name: string,
  file: string | null,
): Promise<CarrierClass | NamedCarrier['carrier'] | null> {
  if (file === null) return null;
  return exportedCarrier(exportedValues(await loadFile(file)), name);
}

function build(pool: string, name: string, cls: CarrierClass): NamedCarrier['carrier'] {
  if (cls.length === 0) return new (cls as unknown as new () => NamedCarrier['carrier'])();
  throw new PoolConfigError(
    `pool '${pool}': the carrier ${name} is given something by its constructor, and workers that serve a module of functions have no container. Export an instance from that module, or give the constructor no parameters.`,
    { pool },
  );
}

function missing(pool: string, name: string, file: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': calls carry what ${name} captures, but ${file}, which its workers load, exports no carrier of this name. Export it there: export { ${name} } from './...';`,
    { pool },
  );
}
