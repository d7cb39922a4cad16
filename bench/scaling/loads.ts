import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  JUDGED_SHAPES,
  poissonWorkload,
  readTrace,
  scaledTo,
  traceShape,
  type JudgedShapeName,
  type LoadShape,
} from '../../lib/simulator/load/index.js';
import type { JudgedLoad } from '../../lib/simulator/report.js';
import { BadInput } from '../bad-input.js';

/** A load by where it comes from: what a worker thread can be told. */
export type LoadSource =
  | { readonly kind: 'shape'; readonly name: JudgedShapeName }
  | { readonly kind: 'trace'; readonly name: string; readonly file: string };

/** The recorded loads that come with the repository; the build leaves them where they are. */
const TRACES = new URL('../../../bench/scaling/traces/', import.meta.url);
const RECORDED = ['azure_functions_2019_60s.csv', 'azure_llm_2023_conv_1s.csv'];

/**
 * All shapes, the traces of the repository, and those in `files`. A trace is named after its file; one that is given takes
 * the place of one of the same name.
 * @throws BadInput where two that are given have the same name.
 */
export function loadSources(files: readonly string[]): LoadSource[] {
  const traces = new Map<string, LoadSource>();
  for (const file of RECORDED) traces.set(nameOf(file), traceAt(fileURLToPath(new URL(file, TRACES))));
  const given = new Set<string>();
  for (const file of files) {
    const name = nameOf(file);
    if (given.has(name) || Object.hasOwn(JUDGED_SHAPES, name)) {
      throw new BadInput(`trace ${file}: another load is called '${name}'. Rename the file.`);
    }
    given.add(name);
    traces.set(name, traceAt(file));
  }
  const shapes = Object.keys(JUDGED_SHAPES) as JudgedShapeName[];
  return [...shapes.map((name): LoadSource => ({ kind: 'shape', name })), ...traces.values()];
}

/**
 * The load, scaled to so many arrivals per second on average; each seed draws others.
 * @throws BadInput where a trace cannot be read, with the line where there is one.
 */
export function judgedLoad(source: LoadSource, mean: number): JudgedLoad {
  const shape = shapeOf(source, mean);
  return { name: source.name, workload: (seed) => poissonWorkload(shape, { seed }) };
}

function shapeOf(source: LoadSource, mean: number): LoadShape {
  if (source.kind === 'shape') return scaledTo(JUDGED_SHAPES[source.name], mean);
  try {
    const trace = readTrace(readFileSync(source.file, 'utf8'), { name: source.name });
    return traceShape(trace, { meanPerSecond: mean });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new BadInput(`trace ${source.file}: ${why}`, { cause: error });
  }
}

function traceAt(file: string): LoadSource {
  return { kind: 'trace', name: nameOf(file), file };
}

function nameOf(file: string): string {
  return path.basename(file, path.extname(file));
}
