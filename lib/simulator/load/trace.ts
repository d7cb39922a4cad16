import { PoolConfigError } from '../../core/errors.js';
import { show } from '../../core/validate.js';
import { requirePositive } from './checks.js';
import type { LoadShape } from './load-shape.js';
import { scaledTo } from './mean-rate.js';
import { joined, type Segment } from './segments.js';

/** A recorded load: how many arrived in each of equal bins. */
export interface Trace {
  readonly name: string;
  /** Length of a bin, milliseconds. */
  readonly binMs: number;
  readonly counts: readonly number[];
}

const HEADER = /^[a-z]\w*_per_(?<seconds>[1-9]\d*)s$/i;
const MINUTE_MS = 60_000;
/** What a recorded minute takes in a replay: a day is over in two hours. */
const REPLAYED_MINUTE_MS = 5_000;

/**
 * Reads a CSV of one column. Its header names the unit, as `requests_per_1s` or `invocations_per_60s`; each line below is
 * the count of one bin.
 * @throws PoolConfigError with the line, where the header, or a count, is not that.
 */
export function readTrace(csvText: string, options: { readonly name: string }): Trace {
  const { name } = options;
  const [header = '', ...lines] = csvText.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const seconds = HEADER.exec(header.trim())?.groups!.seconds;
  if (seconds === undefined) {
    throw lineError(
      name,
      1,
      header,
      "a header such as 'requests_per_1s': what was counted, _per_, seconds of a bin, s",
    );
  }
  if (lines.length === 0) throw new PoolConfigError(`trace '${name}' has a header but no counts below it.`);
  return { name, binMs: Number(seconds) * 1000, counts: lines.map((line, index) => count(name, index + 2, line)) };
}

/**
 * Replays a trace. Minutes take 5 seconds each, with straight lines from the middle of one to the middle of the next;
 * bins of another length take as long as they did, at an even rate.
 * @param options.meanPerSecond what the rates are scaled to average to; default 80.
 */
export function traceShape(trace: Trace, options: { readonly meanPerSecond?: number } = {}): LoadShape {
  const meanPerSecond = requirePositive('meanPerSecond', options.meanPerSecond ?? 80);
  const { name, binMs, counts } = trace;
  const rates = counts.map((count) => count / (binMs / 1000));
  const segments = binMs === MINUTE_MS ? throughMiddles(rates, REPLAYED_MINUTE_MS) : level(rates, binMs);
  return scaledTo({ name, ...joined(segments) }, meanPerSecond);
}

function level(rates: readonly number[], lengthMs: number): Segment[] {
  return rates.map((rate) => ({ lengthMs, from: rate, to: rate }));
}

function throughMiddles(rates: readonly number[], lengthMs: number): Segment[] {
  const first = rates[0]!;
  const last = rates.at(-1)!;
  return [
    { lengthMs: lengthMs / 2, from: first, to: first },
    ...rates.slice(1).map((to, index) => ({ lengthMs, from: rates[index]!, to })),
    { lengthMs: lengthMs / 2, from: last, to: last },
  ];
}

function count(trace: string, line: number, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= 0 && value < Infinity) return value;
  throw lineError(trace, line, text, 'a count, 0 or more');
}

function lineError(trace: string, line: number, text: string, allowed: string): PoolConfigError {
  return new PoolConfigError(`trace '${trace}', line ${line}: ${show(text)}, but must be ${allowed}.`);
}
