import { PoolConfigError } from '../core/errors.js';
import { refusal, requireObject } from '../core/validate.js';

/** Tasks that come to a simulated pool: when, and how long each takes. Task n is the nth entry of each list. */
export interface Workload {
  readonly name: string;
  /** Length of the simulation, milliseconds. */
  readonly durationMs: number;
  /** Milliseconds from the start, ascending. */
  readonly arrivals: Float64Array;
  /** Service times in milliseconds, one for each arrival. */
  readonly services: Float64Array;
  /** 1 where the task fails. Default: none does. */
  readonly failures?: Uint8Array;
}

/**
 * A workload of lists, as of a recording. It lasts until just after the last arrival, unless it is told otherwise.
 * @throws PoolConfigError as `requireWorkload` does.
 */
export function workloadOf(
  arrivals: Iterable<number>,
  services: Iterable<number>,
  options: { readonly name?: string; readonly durationMs?: number; readonly failures?: Iterable<number> } = {},
): Workload {
  const { name = 'recorded', failures } = options;
  const at = Float64Array.from(arrivals);
  return requireWorkload({
    name,
    durationMs: options.durationMs ?? Math.max(1, (at.at(-1) ?? 0) + 1),
    arrivals: at,
    services: Float64Array.from(services),
    ...(failures === undefined ? {} : { failures: Uint8Array.from(failures) }),
  });
}

/**
 * Checks a workload, once, so that nothing in the simulation has to.
 * @throws PoolConfigError that names the list and the task.
 */
export function requireWorkload(workload: unknown): Workload {
  const { name, durationMs, arrivals, services, failures } = requireObject({ option: 'workload' }, workload);
  if (typeof name !== 'string') throw refusal({ option: 'workload.name' }, name, 'a string');
  if (typeof durationMs !== 'number' || !(durationMs > 0 && durationMs < Infinity)) {
    throw refusal({ option: 'workload.durationMs' }, durationMs, 'a finite number of milliseconds above 0');
  }
  if (!(arrivals instanceof Float64Array)) throw refusal({ option: 'workload.arrivals' }, arrivals, 'a Float64Array');
  if (!(services instanceof Float64Array)) throw refusal({ option: 'workload.services' }, services, 'a Float64Array');
  if (failures !== undefined && !(failures instanceof Uint8Array)) {
    throw refusal({ option: 'workload.failures' }, failures, 'a Uint8Array');
  }
  requireOnePerArrival('services', services.length, arrivals.length);
  if (failures !== undefined) requireOnePerArrival('failures', failures.length, arrivals.length);
  requireTimes(arrivals, services);
  return workload as Workload;
}

function requireOnePerArrival(list: string, length: number, arrivals: number): void {
  if (length === arrivals) return;
  throw new PoolConfigError(`workload.${list} has ${length} entries, but must have one for each arrival, ${arrivals}.`);
}

function requireTimes(arrivals: Float64Array, services: Float64Array): void {
  let previous = 0;
  for (let task = 0; task < arrivals.length; task++) {
    const arrival = arrivals[task]!;
    const service = services[task]!;
    if (!(arrival >= previous && arrival < Infinity)) {
      throw refusal(
        { option: `workload.arrivals[${task}]` },
        arrival,
        `finite and at least ${previous}, the one before`,
      );
    }
    if (!(service >= 0 && service < Infinity)) {
      throw refusal({ option: `workload.services[${task}]` }, service, 'a finite number of milliseconds from 0');
    }
    previous = arrival;
  }
}
