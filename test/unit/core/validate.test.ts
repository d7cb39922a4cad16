import { describe, expect, it } from 'vitest';
import { LONGEST_DELAY_MS } from '../../../lib/core/clock.js';
import { PoolConfigError } from '../../../lib/core/errors.js';
import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  requireOneOf,
  show,
  suggest,
} from '../../../lib/core/validate.js';

const PLACE = { pool: 'images', option: 'size.max' };

describe('show', () => {
  it.each([
    ['4', '"4"'],
    [4, '4'],
    [4n, '4n'],
    [-0, '0'],
    [NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [[], 'an array'],
    [Object.create(null), 'an object'],
    [() => 1, 'a function'],
    [Math.max, 'function max'],
  ])('shows %o as %s', (value, shown) => {
    expect(show(value)).toBe(shown);
  });

  it('cuts long strings', () => {
    expect(show('x'.repeat(5_000))).toHaveLength(83);
  });
});

describe('a refusal', () => {
  it('names the pool, the option, the value and what is allowed', () => {
    expect(refusal(PLACE, '4', 'a whole number')).toMatchObject({
      name: 'PoolConfigError',
      code: 'POOL_CONFIG',
      pool: 'images',
      message: `pool 'images': size.max is "4", but must be a whole number.`,
    });
  });

  it('has a RangeError as its cause where the value is a number, and no cause elsewhere', () => {
    expect(refusal(PLACE, 0, 'more').cause).toBeInstanceOf(RangeError);
    expect('cause' in refusal(PLACE, '0', 'more')).toBe(false);
  });

  it('does without a pool that is not known yet', () => {
    expect(refusal({ option: 'name' }, '', 'a name').message).toBe('name is "", but must be a name.');
  });
});

describe('requireInteger', () => {
  it.each([1, 2, 1_024])('takes %d', (value) => {
    expect(requireInteger(PLACE, value, 1, 1_024)).toBe(value);
  });

  it.each([0, -0, -1, 1.5, 1_025, NaN, Infinity, -Infinity, '4', 4n, true, null, undefined, [4], {}])(
    'refuses %o',
    (value) => {
      expect(() => requireInteger(PLACE, value, 1, 1_024)).toThrow(/a whole number from 1 to 1,024/);
    },
  );
});

describe('requireDuration', () => {
  it.each([0.5, 1, LONGEST_DELAY_MS])('takes %d', (value) => {
    expect(requireDuration(PLACE, value)).toBe(value);
  });

  // What a timer cannot wait for fires at once: no deadline may be silently that.
  it.each([0, -1, NaN, Infinity, LONGEST_DELAY_MS + 1, '1s', '1000', null])('refuses %o', (value) => {
    expect(() => requireDuration(PLACE, value)).toThrow(/milliseconds above 0 and up to 2,147,483,647/);
  });
});

describe('requireObject and requireOneOf', () => {
  it.each([null, [], 'x', 1, () => 1])('%o is not an object of options', (value) => {
    expect(() => requireObject(PLACE, value)).toThrow(PoolConfigError);
  });

  it('lists what is allowed', () => {
    expect(requireOneOf(PLACE, 'async', ['threads', 'async'])).toBe('async');
    expect(() => requireOneOf(PLACE, 'fibers', ['threads', 'async'])).toThrow(/must be 'threads' or 'async'/);
    expect(() => requireOneOf(PLACE, 'toString', ['threads'])).toThrow(PoolConfigError);
  });
});

describe('unknown keys', () => {
  it('are refused with the nearest option and the list', () => {
    expect(() => rejectUnknownKeys('size', { maximum: 4 }, ['min', 'max'], 'images')).toThrow(
      `pool 'images': size has no option "maximum". Options: min, max.`,
    );
    expect(() => rejectUnknownKeys('size', { mox: 4 }, ['min', 'max'], 'images')).toThrow(`Did you mean 'max'?`);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is just one of them', (key) => {
    const options = JSON.parse(`{ "${key}": 1 }`) as object;
    expect(() => rejectUnknownKeys('size', options, ['min', 'max'])).toThrow(`no option "${key}"`);
  });
});

describe('suggest', () => {
  it.each([
    ['szie', 'size'],
    ['mni', 'min'],
    ['Max', 'max'],
    ['concurency', 'concurrency'],
    ['afterTask', 'afterTasks'],
    ['queueTimeout', 'queueTimeoutMs'],
    ['exceArgv', 'execArgv'],
  ])('%s: did you mean %s?', (typed, meant) => {
    const known = ['size', 'min', 'max', 'concurrency', 'afterTasks', 'queueTimeoutMs', 'execArgv'];
    expect(suggest(typed, known)).toBe(` Did you mean '${meant}'?`);
  });

  it.each(['x', 'color', '', 'thisIsNothingLikeIt'])('has nothing to say on %o', (typed) => {
    expect(suggest(typed, ['size', 'queue', 'worker'])).toBe('');
  });

  it('has nothing to say where nothing is known', () => {
    expect(suggest('size', [])).toBe('');
  });
});
