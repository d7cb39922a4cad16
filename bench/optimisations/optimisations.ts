import type { Benchmark } from '../main.js';
import { significant } from '../statistics.js';
import { clockReadings, listOfTasks, sharedSignals, tasksOfAWorker, unheardEvents } from './beyond.js';
import { refusing, trivialWork } from './calls.js';
import type { Case, Figure } from './case.js';
import { firstValues, slicesOfTime } from './inner-loops.js';
import { cores, mapIteration } from './lookups.js';
import { atomicCounters, sharding, swappedConfiguration } from './sharing.js';
import { averages, memoryOfSamples, quantiles, sampling } from './recording.js';
import { redundantTickers, tickers } from './timers.js';
import { growing, preallocation } from './workers.js';

/** In the order of docs/optimisations.md. */
export const cases: readonly Case[] = [
  tickers,
  cores,
  quantiles,
  sampling,
  averages,
  atomicCounters,
  mapIteration,
  growing,
  redundantTickers,
  memoryOfSamples,
  preallocation,
  refusing,
  sharding,
  trivialWork,
  swappedConfiguration,
  listOfTasks,
  sharedSignals,
  unheardEvents,
  clockReadings,
  firstValues,
  slicesOfTime,
  tasksOfAWorker,
];

export interface OptimisationsResult {
  readonly node: string;
  readonly rounds: number;
  readonly cases: readonly { readonly id: string; readonly about: string; readonly figures: readonly Figure[] }[];
}

/** The figures of docs/optimisations.md. */
export const optimisations: Benchmark = {
  about: 'the figures of docs/optimisations.md',

  async run({ rounds }): Promise<OptimisationsResult> {
    const measured = [];
    for (const { id, about, measure } of cases) {
      const figures = (await measure(rounds)).map((figure) => ({ ...figure, value: significant(figure.value) }));
      measured.push({ id, about, figures });
    }
    return { node: process.version, rounds, cases: measured };
  },

  print({ node, rounds, cases }: OptimisationsResult): void {
    process.stdout.write(`Node ${node}, medians of ${rounds} interleaved rounds\n`);
    for (const { id, about, figures } of cases) {
      process.stdout.write(`\n${id}  ${about}\n`);
      for (const { how, value, unit } of figures) {
        process.stdout.write(`${value.toLocaleString('en').padStart(14)} ${unit.padEnd(6)} ${how}\n`);
      }
    }
  },
};
