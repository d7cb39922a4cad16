import { PoolConfigError } from '../../errors.js';
import type { Place } from '../../validate.js';
import type { Conjunction, Test } from './conditions.js';
import type { Rule } from './rules.js';

/**
 * Refuses what makes the outcome of rules depend on what nobody wrote down.
 * @throws PoolConfigError for priorities on some rules only; for equal priorities on rules that may both apply and do
 * different things; for a rule behind one that always applies; and for a grow and a shrink by one signal with no band between.
 */
export function checkConflicts(rules: readonly Rule[], { pool }: Place): void {
  const refuse = (message: string) => {
    throw new PoolConfigError(`${pool === undefined ? '' : `pool '${pool}': `}${message}`, { pool });
  };
  const [first] = rules;
  const odd = rules.find(({ priority }) => (priority === null) !== (first?.priority === null));
  if (first !== undefined && odd !== undefined) {
    const [without, having] = odd.priority === null ? [odd, first] : [first, odd];
    refuse(`${without.option} has no priority, but ${having.option} has one. Give one to every rule, or to none.`);
  }
  for (const [index, a] of rules.entries()) {
    for (const b of rules.slice(index + 1)) {
      if (hasEqualPriority(a, b) && !isSameAction(a, b) && canBothHold(a, b)) {
        refuse(
          `${a.option} and ${b.option} both have priority ${a.priority}, may both apply, and differ in what they do. Give them different priorities.`,
        );
      }
      if (haveNoBand(a, b)) {
        refuse(
          `${a.option} and ${b.option} grow and shrink by the same signal with no band between their bounds: the size would flap about it.`,
        );
      }
    }
  }
  const ordered = rules.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  const last = ordered.findIndex(({ when }) => when.some((tests) => tests.length === 0));
  const hidden = last === -1 ? undefined : ordered[last + 1];
  if (hidden !== undefined) refuse(`${hidden.option} is never reached: ${ordered[last]!.option} always applies.`);
}

function hasEqualPriority(a: Rule, b: Rule): boolean {
  return a.priority !== null && a.priority === b.priority;
}

function isSameAction({ action: a }: Rule, { action: b }: Rule): boolean {
  return a.kind === b.kind && a.workers === b.workers;
}

function canBothHold(a: Rule, b: Rule): boolean {
  return a.when.some((left) => b.when.some((right) => canHold([...left, ...right])));
}

/** Whether some value of each signal passes all tests of it. */
function canHold(tests: Conjunction): boolean {
  return tests.every((a) =>
    tests.every((b) => {
      if (a.signal !== b.signal) return true;
      return a.open || b.open ? a.low < b.high : a.low <= b.high;
    }),
  );
}

/** One rule grows above a bound, the other shrinks below one that is equal or higher, and nothing else is asked. */
function haveNoBand(a: Rule, b: Rule): boolean {
  const grow = [a, b].find(({ action }) => action.kind === 'grow');
  const shrink = [a, b].find(({ action }) => action.kind === 'shrink');
  if (grow === undefined || shrink === undefined) return false;
  return singles(grow).some((up) =>
    singles(shrink).some(
      (down) => up.signal === down.signal && up.high === Infinity && down.low === -Infinity && down.high >= up.low,
    ),
  );
}

/** The alternatives of a rule that consist of one test. */
function singles({ when }: Rule): readonly Test[] {
  return when.flatMap((tests) => (tests.length === 1 ? [tests[0]!] : []));
}
