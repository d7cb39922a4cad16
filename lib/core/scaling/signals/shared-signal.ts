import type { Signal } from '../contract.js';

/** How many policies use a signal that a user made. */
const users = new WeakMap<Signal, number>();

/**
 * A hold on a signal that a user made and that several policies may use, or one policy and then the one that replaces it:
 * the last hold that is closed closes the signal. A new policy must be built before the old one is closed.
 */
export function shareSignal(signal: Signal): Signal {
  users.set(signal, (users.get(signal) ?? 0) + 1);
  let isOpen = true;
  return {
    read: (now) => signal.read(now),
    ...(signal.observe && { observe: (reading, now) => signal.observe!(reading, now) }),
    ...(signal.staleAfterMs !== undefined && { staleAfterMs: signal.staleAfterMs }),
    close() {
      if (!isOpen) return undefined;
      isOpen = false;
      const left = users.get(signal)! - 1;
      users.set(signal, left);
      return left === 0 ? signal.close?.() : undefined;
    },
  };
}
