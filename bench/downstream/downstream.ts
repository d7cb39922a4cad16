import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { picture } from '../../lib/simulator/picture.js';
import type { SimulationResult } from '../../lib/simulator/simulation-result.js';
import type { Benchmark } from '../main.js';
import { growthWhile, runDownstream, steadyLoad, VETO, WITH_FALLBACK, WITHOUT_FALLBACK } from './scenario.js';

interface Row {
  readonly policy: string;
  readonly mostWorkers: number;
  readonly meanWorkers: number;
  /** Workers that it grew by in all, while the breaker was open, and in each time that it was half-open. */
  readonly grewBy: number;
  readonly grewWhileOpen: number;
  readonly grewWhileHalfOpen: readonly number[];
  /** Calls that were given up, and tasks that the open breaker let fail. */
  readonly failed: number;
  readonly missPct: number;
  readonly p99WaitMs: number;
}

/** Those with a title are drawn. */
const POLICIES = [
  {
    name: 'with-veto',
    guards: VETO,
    breaker: WITH_FALLBACK,
    title: 'slow downstream: breaker and error rate forbid growth',
  },
  { name: 'without', guards: [], breaker: WITH_FALLBACK, title: 'slow downstream: no veto' },
  { name: 'with-veto, no fallback', guards: VETO, breaker: WITHOUT_FALLBACK, title: null },
  { name: 'without, no fallback', guards: [], breaker: WITHOUT_FALLBACK, title: null },
] as const;

/** A downstream that is ten times slower for two minutes, with and without the vetoes. The same figures on every machine. */
export const downstream: Benchmark = {
  about: 'a slow downstream with and without the vetoes of breaker and error rate, in simulation',

  async run({ svg }): Promise<readonly Row[]> {
    const runs = POLICIES.map((policy) => ({ ...policy, result: runDownstream(policy.guards, policy.breaker) }));
    if (svg !== null) {
      await mkdir(svg, { recursive: true });
      for (const { name, title, result } of runs) {
        if (title === null) continue;
        await writeFile(path.join(svg, `slow-downstream-${name}.svg`), picture(steadyLoad(), result, { title }));
      }
    }
    return runs.map(({ name, result }) => rowOf(name, result));
  },

  print(rows: readonly Row[]): void {
    console.log('policy | most workers | mean | grew by | while open | at each half-open | failed | missed | wait p99');
    for (const row of rows) {
      const { policy, mostWorkers, meanWorkers, grewBy, grewWhileOpen, failed, missPct, p99WaitMs } = row;
      const cells = [
        mostWorkers,
        meanWorkers.toFixed(1),
        grewBy,
        grewWhileOpen,
        row.grewWhileHalfOpen.join(' '),
        failed,
      ];
      console.log([policy, ...cells, `${missPct.toFixed(1)} %`, `${p99WaitMs.toFixed(0)} ms`].join(' | '));
    }
  },
};

function rowOf(policy: string, result: SimulationResult): Row {
  const { resizes, sizes, workerMs, failed, missPct, p99WaitMs } = result;
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    policy,
    mostWorkers: sizes.reduce((most, { size }) => Math.max(most, size), 0),
    meanWorkers: workerMs / steadyLoad().durationMs,
    grewBy: sum(resizes.map(({ from, to }) => Math.max(0, to - from))),
    grewWhileOpen: sum(growthWhile('open', result)),
    grewWhileHalfOpen: growthWhile('half-open', result),
    failed,
    missPct,
    p99WaitMs,
  };
}
