import { isDeepStrictEqual } from 'node:util';
import type { OptionChange } from '../contract/events.js';
import type { BudgetPool } from './member.js';
import type { BudgetOptions, ResolvedBudget } from './resolve-budget.js';

/** The bounds of pools by name. */
export type BoundsByPool = ReadonlyMap<string, Pick<BudgetPool, 'min' | 'max'>>;

/** Another budget for the same pools, checked: go over to it, once. */
export interface PreparedBudget {
  readonly changes: readonly OptionChange[];
  apply(): void;
}

/** What differs between two budgets; `workers` as they are reckoned with. */
export function budgetChanges(
  before: { readonly options: BudgetOptions; readonly budget: ResolvedBudget },
  after: { readonly options: BudgetOptions; readonly budget: ResolvedBudget },
): readonly OptionChange[] {
  const read = ({ options, budget }: typeof before) => ({
    'budget.workers': budget.workers,
    'budget.sharing': options.sharing ?? 'first-come',
    'budget.priorities': options.priorities ?? null,
  });
  const [from, to] = [read(before), read(after)];
  const keys = Object.keys(from) as (keyof typeof from)[];
  return keys.flatMap((key) =>
    isDeepStrictEqual(from[key], to[key]) ? [] : [Object.freeze({ key, from: from[key], to: to[key] })],
  );
}
