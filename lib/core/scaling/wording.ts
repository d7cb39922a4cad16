import type { DecisionInput, Proposal } from './contract.js';

/** A number as a decision tells it: three digits are enough for people. */
export function told(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** A share as a percentage: `12 %`. */
export function percent(share: number): string {
  return `${told(share * 100)} %`;
}

/** The proposal to stay. */
export function stay({ snapshot }: DecisionInput, why: string): Proposal {
  return { target: snapshot.target, why };
}

/** The value of a signal that a part has in its `needs`. */
export function valueOf({ signals }: DecisionInput, name: string): number {
  const value = signals[name];
  if (value === undefined) throw new Error(`signal '${name}' has no value`);
  return value;
}
