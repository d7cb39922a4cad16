import type { Decider, Proposal } from '../contract.js';
import { requireObject, requireOneOf } from '../../validate.js';
import { SpecReader } from '../spec-reader.js';
import { stay } from '../wording.js';
import { checkedWhen, holds, inWords, type Conjunction, type When } from './conditions.js';
import { checkConflicts } from './rule-conflicts.js';

/**
 * Several signals, in order of priority: the first rule whose condition holds decides, and where none does the size
 * stays. Conditions and actions are data, so that they can stand in YAML. D6; S1 T12.
 */
export interface RulesSpec {
  readonly type: 'rules';
  readonly rules: readonly RuleSpec[];
}

export interface RuleSpec {
  /** For decisions and messages. Default `rule 1` and so on. */
  readonly name?: string;
  /** The higher goes first. All rules have one, or none: then the order of the list counts. */
  readonly priority?: number;
  /** Left out: always, which only the last rule may say. */
  readonly when?: When;
  readonly do: Action;
}

/** Workers to add or to take away, or the size to have. */
export type Action = 'hold' | { readonly grow: number } | { readonly shrink: number } | { readonly size: number };

/** A rule as it was checked. */
export interface Rule {
  readonly name: string;
  readonly option: string;
  readonly priority: number | null;
  readonly when: readonly Conjunction[];
  readonly action: { readonly kind: 'hold' | 'grow' | 'shrink' | 'size'; readonly workers: number };
}

const ACTIONS = ['grow', 'shrink', 'size'] as const;

export function rules(read: SpecReader): Decider {
  read.only(['rules']);
  const listed = read.list('rules').map((entry, index) => checkedRule(read, entry, index));
  checkConflicts(listed, read.place);
  const ordered = listed.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  const needs = [...new Set(ordered.flatMap(({ when }) => when.flat().map(({ signal }) => signal)))];
  return {
    needs,
    decide(input): Proposal {
      for (const { name, when, action } of ordered) {
        const held = when.find((tests) => holds(tests, input.signals));
        if (held === undefined) continue;
        const because = held.length === 0 ? 'no other rule applies' : inWords(held, input.signals);
        return { target: targetOf(action, input.snapshot.target), why: `${name}: ${because}` };
      }
      return stay(input, 'no rule applies');
    },
  };
}

function targetOf({ kind, workers }: Rule['action'], size: number): number {
  if (kind === 'size') return workers;
  if (kind === 'grow') return size + workers;
  return kind === 'shrink' ? size - workers : size;
}

function checkedRule(read: SpecReader, entry: unknown, index: number): Rule {
  const rule = new SpecReader(entry, read.at(`rules[${index}]`), read.context);
  rule.only(['name', 'priority', 'when', 'do']);
  const name = rule.raw('name') ?? `rule ${index + 1}`;
  if (typeof name !== 'string' || name.trim() === '') throw rule.refusal('name', 'a non-empty string');
  return {
    name,
    option: rule.place.option,
    priority: rule.has('priority') ? rule.number('priority') : null,
    when: checkedWhen(rule),
    action: checkedAction(rule),
  };
}

function checkedAction(rule: SpecReader): Rule['action'] {
  const action = rule.raw('do');
  if (typeof action !== 'object' || action === null) {
    if (action === 'hold') return { kind: 'hold', workers: 0 };
    throw rule.refusal('do', "'hold', { grow: n }, { shrink: n } or { size: n }");
  }
  const keys = Object.keys(requireObject(rule.at('do'), action));
  const read = new SpecReader(action, rule.at('do'), rule.context);
  read.only(ACTIONS);
  if (keys.length !== 1) throw rule.refusal('do', 'one of { grow: n }, { shrink: n } and { size: n }');
  const kind = requireOneOf(rule.at('do'), keys[0], ACTIONS);
  return { kind, workers: read.workers(kind) };
}
