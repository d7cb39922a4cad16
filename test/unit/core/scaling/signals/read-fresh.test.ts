import { describe, expect, it } from 'vitest';
import type { Signal } from '../../../../../lib/core/scaling/contract.js';
import { readFresh } from '../../../../../lib/core/scaling/signals/read-fresh.js';

const NOW = 10_000;
const says = (value: unknown, at: unknown = NOW) => ({ read: () => ({ value, at }) }) as Signal;
const throws = (thrown: unknown): Signal => ({
  read() {
    throw thrown;
  },
});
const unprintable = {
  toString() {
    throw new Error('no');
  },
};

describe('reading a signal with care', () => {
  it.each<[string, Signal, unknown]>([
    ['a value of now', says(0.5), { ok: true, value: 0.5 }],
    ['a value as old as may be', says(1, NOW - 1_000), { ok: true, value: 1 }],
    ['zero', says(0), { ok: true, value: 0 }],
    ['none yet', { read: () => null }, { ok: false, why: 'no value yet' }],
    ['nothing at all', { read: () => undefined } as never, { ok: false, why: 'no value yet' }],
    ['an old one', says(1, NOW - 1_500.4), { ok: false, why: 'stale for 1500 ms' }],
    ['one by another clock', says(1, 1.7e12), { ok: false, why: 'stamped 1699999990000 ms ahead' }],
    ['one that is ahead by a little', says(1, NOW + 3), { ok: true, value: 1 }],
    ['NaN', says(Number.NaN), { ok: false, why: 'not finite' }],
    ['infinity', says(-Infinity), { ok: false, why: 'not finite' }],
    ['a number as text', says('1'), { ok: false, why: 'not finite' }],
    ['a time that is none', says(1, Number.NaN), { ok: false, why: 'not finite' }],
    ['an error', throws(new Error('gone')), { ok: false, why: 'threw: gone' }],
    ['a thrown text', throws('gone'), { ok: false, why: 'threw: gone' }],
    ['a thrown null', throws(null), { ok: false, why: 'threw: null' }],
    ['a long message', throws(new Error('x'.repeat(1e6))), { ok: false, why: `threw: ${'x'.repeat(200)}…` }],
    ['what cannot be shown', throws(unprintable), { ok: false, why: 'threw: something that cannot be shown' }],
    ['no signal', null as never, { ok: false, why: expect.stringMatching(/^threw: /) }],
    ['a limit of its own', { ...says(1, NOW - 4_000), staleAfterMs: 5_000 }, { ok: true, value: 1 }],
    ['a tighter one', { ...says(1, NOW - 40), staleAfterMs: 30 }, { ok: false, why: 'stale for 40 ms' }],
  ])('%s', (_, signal, expected) => {
    expect(readFresh(signal, NOW, 1_000)).toEqual(expected);
  });

  it('refuses a promise and takes care of its rejection', async () => {
    const signal = { read: () => Promise.reject(new Error('late')) } as never;
    expect(readFresh(signal, NOW, 1_000)).toMatchObject({ ok: false, why: expect.stringContaining('promise') });
    await new Promise((resolve) => setImmediate(resolve));
  });
});
