import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { usableCores } from '../../lib/core/usable-cores.js';
import { BadInput } from '../bad-input.js';
import type { Benchmark } from '../main.js';
import { judgeAll } from './judge-threads.js';
import { judgedLoad, loadSources, type LoadSource } from './loads.js';
import { printScaling, type ScalingResult } from './print.js';
import type { Job, Judged } from './protocol.js';

/**
 * How well policies size a pool: all presets and those of others, on shapes and recorded loads, against an oracle. It is a
 * simulation: the same options give the same figures on every machine.
 */
export const scaling: Benchmark = {
  about: 'cost, misses and unrest of policies, in simulation',

  async run({ only, traces, mean, seeds, svg }): Promise<ScalingResult> {
    const sources = loadSources(traces).filter(({ name }) => name.includes(only));
    if (sources.length === 0) throw new BadInput(`No load has '${only}' in its name.`);
    // Whatever is wrong with a file is told before an hour of it is simulated.
    for (const source of sources) if (source.kind === 'trace') judgedLoad(source, mean);
    const jobs = sources.flatMap((source) => jobsOf(source, seeds, mean, svg !== null));
    const judged = await judgeAll(jobs, usableCores());
    if (svg !== null) await savePictures(svg, jobs, judged);
    return { mean, seeds, rows: judged.flatMap(({ rows }) => rows) };
  },

  print: printScaling,
};

function jobsOf(source: LoadSource, seeds: number, mean: number, draw: boolean): Job[] {
  return Array.from({ length: seeds }, (_, index) => ({ source, seed: index + 1, mean, draw: draw && index === 0 }));
}

async function savePictures(folder: string, jobs: readonly Job[], judged: readonly Judged[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, { picture }] of judged.entries()) {
    if (picture !== null) await writeFile(path.join(folder, `${jobs[index]!.source.name}.svg`), picture);
  }
}
