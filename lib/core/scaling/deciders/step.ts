import type { Decider } from '../contract.js';
import { SpecReader } from '../spec-reader.js';
import { refusal } from '../../validate.js';
import { stay, told, valueOf } from '../wording.js';

/**
 * A table: the further the signal is from its band, the larger the step. Of the rows that apply, the one with the
 * highest `above`, or the lowest `below`, counts. D1; step scaling as AWS Application Auto Scaling has it.
 */
export interface StepSpec {
  readonly type: 'step';
  readonly signal: string;
  readonly steps: readonly StepRow[];
}

/** Workers to add above a value of the signal, or to take away below one. */
export type StepRow =
  { readonly above: number; readonly grow: number } | { readonly below: number; readonly shrink: number };

interface Step {
  readonly bound: number;
  readonly by: number;
}

export function step(read: SpecReader): Decider {
  read.only(['signal', 'steps']);
  const signal = read.signal('signal');
  const { grows, shrinks } = checkedSteps(read);
  return {
    needs: [signal],
    decide(input) {
      const value = valueOf(input, signal);
      const size = input.snapshot.target;
      const up = grows.find(({ bound }) => value > bound);
      if (up !== undefined) {
        return { target: size + up.by, why: `${signal} is ${told(value)}, above ${told(up.bound)}` };
      }
      const down = shrinks.find(({ bound }) => value < bound);
      if (down !== undefined) {
        return { target: size - down.by, why: `${signal} is ${told(value)}, below ${told(down.bound)}` };
      }
      return stay(input, `${signal} is ${told(value)}, which calls for no step`);
    },
  };
}

/** The rows that grow, highest bound first, and those that shrink, lowest first. */
function checkedSteps(read: SpecReader): { grows: Step[]; shrinks: Step[] } {
  const grows: Step[] = [];
  const shrinks: Step[] = [];
  for (const [index, row] of read.list('steps').entries()) {
    const at = read.at(`steps[${index}]`);
    const entry = new SpecReader(row, at, read.context);
    const isGrow = entry.has('above');
    entry.only(isGrow ? ['above', 'grow'] : ['below', 'shrink']);
    const bound = entry.number(isGrow ? 'above' : 'below');
    const rows = isGrow ? grows : shrinks;
    if (rows.some((other) => other.bound === bound)) {
      throw entry.refusal(isGrow ? 'above' : 'below', 'a value that no other row of the table has');
    }
    rows.push({ bound, by: entry.workers(isGrow ? 'grow' : 'shrink') });
  }
  grows.sort((a, b) => b.bound - a.bound);
  shrinks.sort((a, b) => a.bound - b.bound);
  const [low, high] = [shrinks.at(-1)?.bound, grows.at(-1)?.bound];
  if (low !== undefined && high !== undefined && low >= high) {
    throw refusal(read.at('steps'), low, `below ${high} in every row with 'below': the table grows above that`);
  }
  return { grows, shrinks };
}
