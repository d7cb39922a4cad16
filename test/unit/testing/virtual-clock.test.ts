import { afterEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../../lib/entries/testing.js';

afterEach(() => void vi.useRealTimers());

describe('a virtual clock (U8)', () => {
  it('stands still until it is told to advance', async () => {
    const clock = new VirtualClock();
    const rung: string[] = [];
    clock.schedule(10, () => rung.push('ten'));
    expect(clock.now()).toBe(0);
    await clock.advance(9);
    expect(rung).toEqual([]);
    await clock.advance(1);
    expect([clock.now(), rung]).toEqual([10, ['ten']]);
  });

  it('lets timers go off in order of time, then of scheduling, those included that are set meanwhile', async () => {
    const clock = new VirtualClock();
    const rung: [string, number][] = [];
    const ring = (name: string) => () => void rung.push([name, clock.now()]);
    clock.schedule(20, ring('last'));
    clock.schedule(10, ring('first'));
    clock.schedule(10, () => {
      ring('second')();
      clock.schedule(5, ring('third'));
    });
    await clock.advance(20);
    expect(rung).toEqual([
      ['first', 10],
      ['second', 10],
      ['third', 15],
      ['last', 20],
    ]);
  });

  it('lets promises settle between two timers', async () => {
    const clock = new VirtualClock();
    const told: number[] = [];
    const story = async () => {
      for (let chapter = 0; chapter < 3; chapter++) {
        await clock.sleep(10);
        told.push(clock.now());
      }
    };
    const end = story();
    await clock.advance(30);
    expect(told).toEqual([10, 20, 30]);
    await end;
  });

  it('repeats until it is called off, and calls off what was set', async () => {
    const clock = new VirtualClock();
    let ticks = 0;
    const ticker = clock.every(10, () => ticks++);
    clock.schedule(5, () => expect.unreachable('was called off')).cancel();
    await clock.advance(35);
    expect([ticks, clock.scheduled]).toEqual([3, 1]);
    ticker.cancel();
    await clock.advance(100);
    expect([ticks, clock.scheduled]).toEqual([3, 0]);
  });

  it('computes: time passes, and nothing happens', async () => {
    const clock = new VirtualClock();
    let rung = 0;
    clock.schedule(10, () => rung++);
    clock.compute(30);
    expect([clock.now(), rung]).toEqual([30, 0]);
    await clock.advance(0);
    expect([clock.now(), rung]).toEqual([30, 1]);
  });

  it('goes on while a test runner has faked the timers', async () => {
    vi.useFakeTimers();
    const clock = new VirtualClock();
    let rung = 0;
    clock.schedule(10, () => rung++);
    await clock.advance(10);
    expect(rung).toBe(1);
  });

  it.each([-1, NaN, Infinity, '5'])('refuses to advance by %o', async (ms) => {
    const clock = new VirtualClock();
    await expect(clock.advance(ms as number)).rejects.toThrow(
      /^VirtualClock\.advance\(ms\) is .*, but must be a finite number of milliseconds from 0\.$/,
    );
    expect(() => clock.compute(ms as number)).toThrow('VirtualClock.compute(ms)');
  });
});
