import { calculateSize, type Sizing } from '../../core/scaling/sizing.js';
import { type Command, EXIT, type OptionValues } from '../command.js';
import { inOptionNames, type OptionNames } from '../option-names.js';
import { readDurationMs, readNumber, required } from '../read-values.js';

/** `dynamic-pool size`: the sizing calculator. */
export const size: Command = {
  name: 'size',
  about: 'Tells the min and max of a pool from rates, service time and wait objective.',
  usage: '--rate N --service TIME [options]',
  options: {
    rate: { type: 'value', shown: 'N', about: 'tasks per second as a rule' },
    peak: { type: 'value', shown: 'N', about: 'tasks per second at most (default: the rate)' },
    service: { type: 'value', shown: 'TIME', about: 'mean time that a task takes: 50ms, 2s' },
    cv: { type: 'value', shown: 'X', about: 'variation of that time, standard deviation / mean (1)' },
    objective: { type: 'value', shown: 'TIME', about: 'wait that tasks should stay within (100ms)' },
    late: { type: 'value', shown: 'X', about: 'share of tasks that may wait longer (0.01)' },
    'arrival-cv2': { type: 'value', shown: 'X', about: 'squared variation of the times between arrivals (1)' },
    boot: { type: 'value', shown: 'TIME', about: 'time that a new worker takes to start' },
    cores: { type: 'value', shown: 'N', about: 'cores that the threads share (those of this machine)' },
    async: { type: 'flag', about: 'the tasks wait and do not compute: cores do not matter' },
    json: { type: 'flag', about: 'print JSON' },
  },
  examples: [
    'dynamic-pool size --rate 40 --peak 200 --service 50ms',
    'dynamic-pool size --rate 40 --peak 200 --service 50ms --cv 2 --objective 250ms --boot 150ms --cores 8',
    'dynamic-pool size --rate 300 --service 2s --async --json',
  ],
  async run(values, output) {
    const sizing = await inOptionNames(NAMES, () => sizeFor(values));
    output.out(values.json ? `${JSON.stringify(sizing, null, 2)}\n` : inWords(sizing));
    return EXIT.done;
  },
};

const NAMES: OptionNames = [
  ['arrivalsPerSecond.typical', '--rate'],
  ['arrivalsPerSecond.peak', '--peak'],
  ['arrivalsPerSecond', '--rate'],
  ['serviceMs', '--service'],
  ['serviceCv', '--cv'],
  ['objectiveMs', '--objective'],
  ['late', '--late'],
  ['arrivalCv2', '--arrival-cv2'],
  ['bootMs', '--boot'],
  ['cores', '--cores'],
];

function sizeFor(values: OptionValues): Sizing {
  const rate = required(readNumber(values, 'rate'), 'rate', 'N');
  const peak = readNumber(values, 'peak');
  return calculateSize({
    arrivalsPerSecond: peak === undefined ? rate : { typical: rate, peak },
    serviceMs: required(readDurationMs(values, 'service'), 'service', 'TIME'),
    serviceCv: readNumber(values, 'cv'),
    objectiveMs: readDurationMs(values, 'objective'),
    late: readNumber(values, 'late'),
    arrivalCv2: readNumber(values, 'arrival-cv2'),
    bootMs: readDurationMs(values, 'boot'),
    kind: values.async ? 'async' : 'threads',
    cores: readNumber(values, 'cores'),
  });
}

function inWords({ min, max, utilizationAtPeak, expectedP99WaitMs, why }: Sizing): string {
  const percent = Math.round(utilizationAtPeak * 100);
  const lines = [
    `size: { min: ${min}, max: ${max} }`,
    `at the peak ${percent} % of the workers' time is used, and 99 % of the tasks wait up to ${Math.round(expectedP99WaitMs)} ms`,
    '',
    ...why.map((sentence) => `- ${sentence}`),
  ];
  return `${lines.join('\n')}\n`;
}
