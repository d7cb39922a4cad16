import type { PoolOptions } from '../core/contract/pool-options.js';
import type { Signal } from '../core/scaling/contract.js';
import { shareSignal } from '../core/scaling/signals/shared-signal.js';
import { harmlessly } from '../core/scaling/unchecked.js';

/**
 * Keeps the signals open that stand in code as objects: a file may put another policy in the place of theirs, and later go
 * back to it, and what was closed tells nothing any more. Returns how to let go of them.
 */
export function keepSignals(pools: Iterable<PoolOptions>): () => void {
  const holds = [...pools].flatMap(({ scaling }) => signalsIn(scaling)).map(shareSignal);
  return () => {
    for (const hold of holds) harmlessly('closing a signal', () => hold.close?.());
  };
}

function signalsIn(scaling: PoolOptions['scaling']): Signal[] {
  const policy = typeof scaling === 'object' ? scaling.policy : undefined;
  const specs: readonly unknown[] = typeof policy === 'object' ? Object.values(policy.signals ?? {}) : [];
  return specs.flatMap(objectsIn);
}

function objectsIn(spec: unknown): Signal[] {
  if (typeof spec !== 'object' || spec === null) return [];
  if ('read' in spec && typeof spec.read === 'function') return [spec as Signal];
  return 'of' in spec ? objectsIn(spec.of) : [];
}
