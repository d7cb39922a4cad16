import { refusal, requireObject, suggest, type Place } from '../../validate.js';
import { BREAKER_STATES } from '../well-known-signals.js';
import { SpecReader } from '../spec-reader.js';
import { told } from '../wording.js';

/** Bounds of one signal, all of which must hold. `is` takes a number, or the state of a circuit breaker by name. */
export interface Bounds {
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
  readonly is?: number | keyof typeof BREAKER_STATES;
}

/** Bounds by the name of the signal, all of which must hold; in a list of them, any. */
export type When = Readonly<Record<string, Bounds>> | readonly Readonly<Record<string, Bounds>>[];

/** One bound, as it is tested. `low` and `high` are the values that pass, with `open` ends excluded. */
export interface Test {
  readonly signal: string;
  readonly low: number;
  readonly high: number;
  readonly open: boolean;
  readonly words: string;
}

/** Tests that must all pass. */
export type Conjunction = readonly Test[];

const KEYS = ['above', 'atLeast', 'below', 'atMost', 'is'] as const;

/** Checks `when` and turns it into tests, one conjunction for each alternative. Left out, it always holds. */
export function checkedWhen(read: SpecReader): readonly Conjunction[] {
  const when = read.raw('when');
  if (when === undefined) return [[]];
  if (!Array.isArray(when)) return [conjunction(read, read.at('when'), when)];
  return read.list('when').map((entry, index) => conjunction(read, read.at(`when[${index}]`), entry));
}

export function holds(tests: Conjunction, signals: Readonly<Record<string, number>>): boolean {
  return tests.every(({ signal, low, high, open }) => {
    const value = signals[signal];
    if (value === undefined) return false;
    return open ? value > low && value < high : value >= low && value <= high;
  });
}

/** What the signals are, with the bounds that they pass: `utilization is 0.9, above 0.85`. */
export function inWords(tests: Conjunction, signals: Readonly<Record<string, number>>): string {
  return tests.map(({ signal, words }) => `${signal} is ${told(signals[signal] ?? NaN)}, ${words}`).join(' and ');
}

function conjunction(read: SpecReader, place: Place, value: unknown): Conjunction {
  const entries = Object.entries(requireObject(place, value));
  if (entries.length === 0) throw refusal(place, value, 'bounds for at least one signal; leave it out for "always"');
  return entries.flatMap(([name, bounds]) => {
    const at = { pool: place.pool, option: `${place.option}.${name}` };
    const signal = read.knownSignal(at, name);
    const reader = new SpecReader(bounds, at, read.context);
    reader.only(KEYS);
    const tests = KEYS.filter((key) => reader.has(key)).map((key) => test(reader, signal, key));
    if (tests.length === 0) throw refusal(at, bounds, `an object with at least one of ${KEYS.join(', ')}`);
    return tests;
  });
}

function test(read: SpecReader, signal: string, key: (typeof KEYS)[number]): Test {
  if (key === 'is') return exactly(read, signal);
  const value = read.number(key);
  const isLow = key === 'above' || key === 'atLeast';
  const words = { above: 'above', atLeast: 'at least', below: 'below', atMost: 'at most' }[key];
  return {
    signal,
    low: isLow ? value : -Infinity,
    high: isLow ? Infinity : value,
    open: key === 'above' || key === 'below',
    words: `${words} ${told(value)}`,
  };
}

function exactly(read: SpecReader, signal: string): Test {
  const value = read.raw('is');
  if (typeof value !== 'string') {
    const number = read.number('is');
    return { signal, low: number, high: number, open: false, words: `exactly ${told(number)}` };
  }
  const states = Object.keys(BREAKER_STATES);
  const state = states.find((name): name is keyof typeof BREAKER_STATES => name === value);
  if (state === undefined) {
    throw read.refusal('is', `a number, or a breaker's state: ${states.join(', ')}.${suggest(value, states)}`);
  }
  const number = BREAKER_STATES[state];
  return { signal, low: number, high: number, open: false, words: `which is ${state}` };
}
