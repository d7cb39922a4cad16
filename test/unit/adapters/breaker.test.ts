import CircuitBreaker from 'opossum';
import { afterEach, describe, expect, it } from 'vitest';
import { opossumBreaker } from '../../../lib/adapters/breaker.js';
import { buildSignal } from '../../../lib/core/scaling/signals/build-signal.js';

const breakers: CircuitBreaker[] = [];

/** The real library, around a task that fails when told to, and the signal of it. */
function setUp(options: CircuitBreaker.Options = {}) {
  const downstream = { isSick: false };
  const breaker = new CircuitBreaker(
    async () => {
      if (downstream.isSick) throw new Error('sick');
    },
    { resetTimeout: 20, errorThresholdPercentage: 25, ...options },
  );
  breakers.push(breaker);
  const signal = buildSignal({ type: 'breaker', breaker: opossumBreaker(breaker) });
  return { breaker, downstream, value: () => signal.read(0)!.value };
}

afterEach(() => {
  for (const breaker of breakers.splice(0)) breaker.shutdown();
});

describe('an opossum breaker as a signal (S4)', () => {
  it('is 0 while closed, 1 when it opened on failures, 0.5 once it lets one call try, and 0 when that went well', async () => {
    const { breaker, downstream, value } = setUp();
    await breaker.fire();
    expect(value()).toBe(0);

    downstream.isSick = true;
    const halfOpen = new Promise((resolve) => breaker.once('halfOpen', resolve));
    await expect(breaker.fire()).rejects.toThrow('sick');
    expect(value()).toBe(1);

    // Its timer holds no process open; the test waits for what it does.
    const alive = setInterval(() => undefined, 1_000);
    await halfOpen;
    clearInterval(alive);
    expect(value()).toBe(0.5);

    downstream.isSick = false;
    await breaker.fire();
    expect(value()).toBe(0);
  });

  it('is open again when the one call that tried fails', async () => {
    const { breaker, downstream, value } = setUp();
    downstream.isSick = true;
    const halfOpen = new Promise((resolve) => breaker.once('halfOpen', resolve));
    await breaker.fire().catch(() => undefined);
    const alive = setInterval(() => undefined, 1_000);
    await halfOpen;
    clearInterval(alive);
    await breaker.fire().catch(() => undefined);
    expect(value()).toBe(1);
  });

  it('is closed while disabled: every call goes through', () => {
    const { breaker, value } = setUp();
    breaker.open();
    expect(value()).toBe(1);
    breaker.disable();
    expect(value()).toBe(0);
    breaker.enable();
    expect(value()).toBe(1);
  });

  it('is open after a shut-down: no call goes through', () => {
    const { breaker, value } = setUp();
    breaker.shutdown();
    expect(value()).toBe(1);
  });
});
