import { isDeepStrictEqual } from 'node:util';
import type { OptionChange } from '../contract/events.js';
import { policyView } from '../scaling/policy-view.js';
import type { ResolvedPoolOptions } from './resolve-options.js';

type ReadOption = (options: ResolvedPoolOptions) => unknown;

/** Every option that may change while a pool runs, by its key. */
const HOT: Readonly<Record<string, ReadOption>> = {
  'size.min': ({ min }) => min,
  'size.max': ({ max }) => max,
  'queue.capacity': ({ queueCapacity }) => queueCapacity,
  idleExpiryMs: ({ idleExpiryMs }) => idleExpiryMs,
  taskTimeoutMs: ({ taskTimeoutMs }) => taskTimeoutMs,
  queueTimeoutMs: ({ queueTimeoutMs }) => queueTimeoutMs,
  abortGraceMs: ({ abortGraceMs }) => abortGraceMs,
  'scaling.policy': ({ scaling }) => scaling?.policy,
  'scaling.objectiveMs': ({ scaling }) => scaling?.objectiveMs,
  'scaling.tickMs': ({ scaling }) => scaling?.tickMs,
  'scaling.onFault': ({ scaling }) => scaling?.onFault,
};

/** The keys of the options that may change while a pool runs. */
export const HOT_OPTIONS: readonly string[] = Object.keys(HOT);

/** What differs between two sets of options of one pool. */
export function changedOptions(before: ResolvedPoolOptions, after: ResolvedPoolOptions): readonly OptionChange[] {
  return Object.entries(HOT).flatMap(([key, read]) => {
    const [from, to] = [read(before), read(after)];
    return isDeepStrictEqual(from, to) ? [] : [Object.freeze({ key, from: policyView(from), to: policyView(to) })];
  });
}

/** The options that may change, for the object that all parts of a pool read. */
export function hotOptions(options: ResolvedPoolOptions) {
  const { min, max, queueCapacity, idleExpiryMs, taskTimeoutMs, queueTimeoutMs, abortGraceMs } = options;
  const { objectiveMs, scaling } = options;
  return {
    min,
    max,
    queueCapacity,
    idleExpiryMs,
    taskTimeoutMs,
    queueTimeoutMs,
    abortGraceMs,
    objectiveMs,
    scaling,
  };
}
