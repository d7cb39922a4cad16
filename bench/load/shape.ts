import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type OptionValues, UsageError } from '../../lib/cli/command.js';
import { readDurationMs, readNumber } from '../../lib/cli/read-values.js';
import { suggest } from '../../lib/core/validate.js';
import {
  fittedShape,
  type LoadShape,
  readTrace,
  SHAPE_NAMES,
  traceShape,
  withErrors,
  withSlowDownstream,
} from '../../lib/simulator/load/index.js';

/** The load that the options describe: a shape or a trace, and what disturbs it. */
export function shapeOf(values: OptionValues, seed: number): LoadShape {
  const shape = values.trace === undefined ? named(values, seed) : traced(values);
  const slow = readNumber(values, 'slow');
  const errors = readNumber(values, 'errors');
  const { durationMs } = shape;
  let disturbed = shape;
  if (slow !== undefined) {
    const span = { fromMs: durationMs / 3, toMs: (2 * durationMs) / 3 };
    disturbed = withSlowDownstream(disturbed, { factor: slow, ...span });
  }
  if (errors !== undefined) disturbed = withErrors(disturbed, { share: errors, fromMs: 0, toMs: durationMs });
  return disturbed;
}

function named(values: OptionValues, seed: number): LoadShape {
  const given = String(values.shape ?? 'ramp');
  const name = SHAPE_NAMES.find((each) => each === given);
  if (name === undefined) {
    throw new UsageError(
      `There is no shape '${given}'.${suggest(given, SHAPE_NAMES)} Shapes: ${SHAPE_NAMES.join(', ')}.`,
    );
  }
  return fittedShape(name, {
    peakPerSecond: readNumber(values, 'peak') ?? 5,
    basePerSecond: readNumber(values, 'base'),
    durationMs: secondsMs(values) ?? 60_000,
    seed,
  });
}

function traced(values: OptionValues): LoadShape {
  const file = String(values.trace);
  const given = ['shape', 'peak', 'base'].find((name) => values[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} means nothing beside --trace; --mean sets the rate.`);
  const shape = traceShape(readTrace(readFileSync(file, 'utf8'), { name: basename(file) }), {
    meanPerSecond: readNumber(values, 'mean') ?? 2,
  });
  const durationMs = Math.min(shape.durationMs, secondsMs(values) ?? Infinity);
  return { ...shape, durationMs };
}

/** `--seconds 60`, and `--seconds 5m` as well. */
function secondsMs(values: OptionValues): number | undefined {
  const bare = /^[\d.]+$/.test(String(values.seconds));
  return readDurationMs(bare ? { seconds: `${values.seconds}s` } : values, 'seconds');
}
