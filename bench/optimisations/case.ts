import { timeWorks, type Work } from '../micro.js';

/** One way of doing it, and what it costs. */
export interface Figure {
  readonly how: string;
  readonly value: number;
  readonly unit: 'ns' | 'us' | 'ms' | 'bytes';
}

/** One entry of docs/optimisations.md in figures: what is called for first, then what it is compared with. */
export interface Case {
  readonly id: string;
  readonly about: string;
  measure(rounds: number): Promise<readonly Figure[]> | readonly Figure[];
}

/** Nanoseconds of several ways, the loop around them included. */
export function compare(rounds: number, times: number, works: Readonly<Record<string, Work>>): Figure[] {
  return Object.entries(timeWorks(works, rounds, times)).map(([how, value]) => ({ how, value, unit: 'ns' }));
}
