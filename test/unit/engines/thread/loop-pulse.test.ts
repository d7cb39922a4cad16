import { describe, expect, it } from 'vitest';
import { SharedTable } from '../../../../lib/engines/thread/shared-layout.js';
import { LoopPulse } from '../../../../lib/engines/thread/worker/loop-pulse.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

/** Main's clock is so far ahead of the thread's, milliseconds. */
const OFFSET = 5_000;

/** A pulse on virtual time, with what main reads of it. */
function setUp() {
  const clock = new VirtualClock();
  const table = SharedTable.forSlots(1);
  const runner = { isIdle: true };
  const pulse = new LoopPulse(table, OFFSET, () => runner.isIdle, clock);
  const delayMs = () => table.loopDelayMs(clock.now() + OFFSET);
  /** A task that computes. */
  const compute = (ms: number) => {
    pulse.worked();
    clock.compute(ms);
  };
  return { clock, runner, pulse, delayMs, compute };
}

describe('the pulse of an event loop', () => {
  it('tells nothing before there is work, and soon after there is', async () => {
    const { clock, pulse, delayMs } = setUp();
    await clock.advance(60_000);
    expect([delayMs(), clock.scheduled]).toEqual([0, 0]);
    pulse.worked();
    await clock.advance(20);
    expect(delayMs()).toBe(0.001);
  });

  it('lets main see a delay while it lasts', async () => {
    const { delayMs, compute } = setUp();
    compute(320);
    expect(delayMs()).toBe(300);
    compute(1_000);
    expect(delayMs()).toBe(1_300);
  });

  it('tells the highest delay for half a second at least and a second at most', async () => {
    const { clock, pulse, delayMs, compute } = setUp();
    compute(320);
    await clock.advance(240);
    compute(70);
    for (const told of [300, 300, 300, 50, 50, 50, 50, 0.001]) {
      await clock.advance(125);
      pulse.worked();
      expect(delayMs(), `after ${clock.now()} ms`).toBe(told);
    }
  });

  it('ceases a second after the last task, and begins again with the next', async () => {
    const { clock, delayMs, compute } = setUp();
    compute(50);
    await clock.advance(2_000);
    expect([delayMs(), clock.scheduled]).toEqual([0.001, 0]);
    await clock.advance(60_000);
    expect(delayMs()).toBe(0.001);
    compute(90);
    expect(delayMs()).toBe(70);
    await clock.advance(1);
    expect([delayMs(), clock.scheduled]).toEqual([70, 1]);
  });

  it('goes on while a task awaits, however long', async () => {
    const { clock, runner, pulse, delayMs } = setUp();
    pulse.worked();
    runner.isIdle = false;
    await clock.advance(30_000);
    clock.compute(50);
    expect(delayMs()).toBeGreaterThanOrEqual(30);
    runner.isIdle = true;
    await clock.advance(2_000);
    expect([delayMs(), clock.scheduled]).toEqual([0.001, 0]);
  });

  it('takes one timer, however many tasks come', () => {
    const { clock, pulse } = setUp();
    for (let i = 0; i < 1_000; i++) pulse.worked();
    expect(clock.scheduled).toBe(1);
  });
});
