import type { BudgetOptions } from '../core/budget/resolve-budget.js';
import type { PoolOptions } from '../core/contract/pool-options.js';
import type { Policy, PolicySpec, ScalingOptions } from '../core/scaling/scaling-options.js';
import type { SignalSpec } from '../core/scaling/signals/signal-spec.js';
import type { FileOptions, FilePoolOptions } from './file-options.js';

type Signals = Readonly<Record<string, SignalSpec>>;

/** A pool's options: the file's win, key by key in `size`, `queue` and `scaling`; what it leaves out is code's. */
export function mergedPool(code: PoolOptions, file: FilePoolOptions | null | undefined): PoolOptions {
  if (!file) return code;
  const { size, queue, scaling, taskTimeoutMs, queueTimeoutMs, ...plain } = file;
  return {
    ...code,
    ...plain,
    ...(size && { size: mergedSize(code.size, size) }),
    ...(queue && { queue: { ...code.queue, ...queue } }),
    ...(scaling !== undefined && { scaling: mergedScaling(code.scaling, scaling) }),
    ...(taskTimeoutMs !== undefined && { taskTimeoutMs: taskTimeoutMs ?? undefined }),
    ...(queueTimeoutMs !== undefined && { queueTimeoutMs: queueTimeoutMs ?? undefined }),
  };
}

/** The budget of code, with what the file says of it. Priorities go with the sharing that they belong to. */
export function mergedBudget(code: BudgetOptions, file: FileOptions['budget']): BudgetOptions {
  const { sharing = code.sharing, priorities } = file ?? {};
  const kept = sharing === 'priority' ? code.priorities : undefined;
  const merged = { ...code, ...file, priorities: priorities ?? kept };
  return merged.priorities === undefined ? { workers: merged.workers, sharing: merged.sharing } : merged;
}

/** How many a pool starts with counts once, at its start, and follows the bounds of the file. */
function mergedSize(code: PoolOptions['size'], file: NonNullable<FilePoolOptions['size']>): PoolOptions['size'] {
  const size = { ...code, ...file };
  const { min = 1, max = Infinity, initial } = size;
  return initial === undefined ? size : { ...size, initial: Math.max(min, Math.min(max, initial)) };
}

function mergedScaling(code: PoolOptions['scaling'], file: NonNullable<FilePoolOptions['scaling']>): ScalingOptions {
  const own = asOptions(file);
  const base = code === false || code === undefined ? {} : asOptions(code);
  const { policy } = own;
  return { ...base, ...own, ...(policy !== undefined && { policy: withNamed(policy, signalsOf(base.policy)) }) };
}

function asOptions(scaling: ScalingOptions | string): ScalingOptions {
  return typeof scaling === 'string' ? { policy: scaling as Policy & string } : scaling;
}

function signalsOf(policy: Policy | undefined): Signals {
  return typeof policy === 'object' ? (policy.signals ?? {}) : {};
}

/** A signal that is named as one of the policy in code is that one: so a file can use what is no data, as a breaker. */
function withNamed(policy: Policy, registered: Signals): Policy {
  if (typeof policy === 'string' || policy.signals === undefined) return policy;
  const signals = Object.entries(policy.signals).map(([name, spec]) => [name, named(spec, registered)] as const);
  return { ...policy, signals: Object.fromEntries(signals) } satisfies PolicySpec;
}

function named(spec: SignalSpec, registered: Signals): SignalSpec {
  if (typeof spec === 'string') return Object.hasOwn(registered, spec) ? registered[spec]! : spec;
  if (typeof spec !== 'object' || !('of' in spec)) return spec;
  return { ...spec, of: named(spec.of, registered) };
}
