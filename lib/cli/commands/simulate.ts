import { writeFileSync } from 'node:fs';
import { PRESET_NAMES } from '../../core/scaling/presets.js';
import { SHAPE_NAMES } from '../../simulator/load/index.js';
import { picture } from '../../simulator/picture.js';
import { type Command, CommandFailure, EXIT } from '../command.js';
import { inOptionNames, type OptionNames } from '../option-names.js';
import { safeJson } from '../text/clean.js';
import { reported } from '../words/simulation.js';
import { simulated } from '../simulation.js';

/** `dynamic-pool simulate`: a policy under a load, without an application. */
export const simulate: Command = {
  name: 'simulate',
  about: 'Tries a policy on a load, offline: who would wait, and what it would cost.',
  usage: '[--load NAME | --trace FILE] [options]',
  options: {
    load: { type: 'value', shown: 'NAME', about: `${SHAPE_NAMES.join(', ')} (ramp)`, completes: SHAPE_NAMES },
    trace: {
      type: 'value',
      shown: 'FILE',
      about: 'a CSV of counts, as requests_per_1s, instead of a load',
      completes: 'file',
    },
    policy: {
      type: 'value',
      shown: 'POLICY',
      about: `a preset (${PRESET_NAMES.join(', ')}), JSON, or @FILE with JSON (balanced)`,
      completes: PRESET_NAMES,
    },
    min: { type: 'value', shown: 'N', about: 'workers at least (1)' },
    max: { type: 'value', shown: 'N', about: 'workers at most (64)' },
    service: { type: 'value', shown: 'TIME', about: 'mean time that a task takes (50ms)' },
    cv: { type: 'value', shown: 'X', about: 'variation of that time, standard deviation / mean (1)' },
    peak: { type: 'value', shown: 'N', about: 'tasks per second at most (200)' },
    base: { type: 'value', shown: 'N', about: 'tasks per second at least (a twentieth of the peak)' },
    mean: { type: 'value', shown: 'N', about: 'tasks per second that a trace is scaled to on average (80)' },
    minutes: { type: 'value', shown: 'N', about: 'how long (10; with a trace, all of it)' },
    objective: { type: 'value', shown: 'TIME', about: 'wait that tasks should stay within (100ms)' },
    boot: { type: 'value', shown: 'TIME', about: 'time that a new worker takes to start (150ms)' },
    queue: { type: 'value', shown: 'N', about: 'tasks that may wait (no bound; 128 for the preset course)' },
    seed: { type: 'value', shown: 'N', about: 'another seed draws other tasks (1)' },
    svg: { type: 'value', shown: 'FILE', about: 'write a picture of the run there', completes: 'file' },
    json: { type: 'flag', about: 'print JSON' },
  },
  examples: [
    'dynamic-pool simulate --load spikes --policy latency',
    'dynamic-pool simulate --load step --peak 400 --service 20ms --max 16 --minutes 5 --svg step.svg',
    'dynamic-pool simulate --trace requests.csv --mean 40 --policy @night.json --json',
  ],
  async run(values, output) {
    const { workload, result, report } = await inOptionNames(NAMES, () => simulated(values));
    if (values.svg !== undefined) {
      const title = `${report.load}, ${report.policy}`;
      written(String(values.svg), picture(workload, result, { title, objectiveMs: report.objectiveMs }));
    }
    output.out(values.json === true ? `${safeJson(report, 2)}\n` : reported(report));
    return EXIT.done;
  },
};

const NAMES: OptionNames = [
  ['slowDownstream.perSecond', '--peak'],
  ['scaling.objectiveMs', '--objective'],
  ['picture.objectiveMs', '--objective'],
  ['scaling.policy', '--policy'],
  ['peakPerSecond', '--peak'],
  ['basePerSecond', '--base'],
  ['meanPerSecond', '--mean'],
  ['spawnDelayMs', '--boot'],
  ['queueCapacity', '--queue'],
  ['durationMs', '--minutes'],
  ['meanMs', '--service'],
  ['spikes.seed', '--seed'],
  ['seed', '--seed'],
  ['min', '--min'],
  ['max', '--max'],
  ['cv', '--cv'],
];

function written(file: string, svg: string): void {
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new CommandFailure(EXIT.failed, `cannot write '${file}': ${(error as Error).message}.`);
  }
}
