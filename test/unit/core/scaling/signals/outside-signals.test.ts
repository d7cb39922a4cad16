import { describe, expect, it, vi } from 'vitest';
import { breakerSignal, type BreakerState } from '../../../../../lib/core/scaling/signals/breaker-signal.js';
import { functionSignal } from '../../../../../lib/core/scaling/signals/function-signal.js';
import { readFresh } from '../../../../../lib/core/scaling/signals/read-fresh.js';
import { shareSignal } from '../../../../../lib/core/scaling/signals/shared-signal.js';

describe('signals from outside (S4)', () => {
  it.each<[BreakerState, number]>([
    ['closed', 0],
    ['half-open', 0.5],
    ['open', 1],
  ])('a %s breaker reads as %d', (state, value) => {
    expect(breakerSignal({ state }).read(9)).toEqual({ value, at: 9 });
  });

  it('a breaker is read anew each time', () => {
    const breaker: { state: BreakerState } = { state: 'closed' };
    const signal = breakerSignal(breaker);
    breaker.state = 'open';
    expect(signal.read(0)!.value).toBe(1);
  });

  it.each(['ajar', 'toString', undefined])('a breaker in the state %s is no value', (state) => {
    const read = readFresh(breakerSignal({ state: state as BreakerState }), 0, 1_000);
    expect(read).toEqual({ ok: false, why: `threw: the breaker's state is ${JSON.stringify(state)}` });
  });

  it('a function is called with the time, and is as fresh as the call', () => {
    const measure = vi.fn<(now: number) => number>((now) => now / 2);
    expect(functionSignal(measure).read(8)).toEqual({ value: 4, at: 8 });
    expect(measure).toHaveBeenCalledWith(8);
    expect(functionSignal(() => null).read(8)).toBeNull();
  });

  it('an async function is refused at the read, and its rejection is nobody else’s trouble', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const signal = functionSignal((() => Promise.reject(new Error('late'))) as never);
    expect(readFresh(signal, 0, 1_000)).toEqual({
      ok: false,
      why: 'threw: it returned a promise; a signal is read synchronously',
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('a signal of one’s own is closed with its last user, once', () => {
    const close = vi.fn<() => void>();
    const own = { read: () => ({ value: 1, at: 0 }), close, staleAfterMs: 5 };
    const [before, after] = [shareSignal(own), shareSignal(own)];
    before.close!();
    before.close!();
    expect(close).not.toHaveBeenCalled();
    expect([after.read(0), after.staleAfterMs]).toEqual([{ value: 1, at: 0 }, 5]);
    after.close!();
    expect(close).toHaveBeenCalledOnce();
  });
});
