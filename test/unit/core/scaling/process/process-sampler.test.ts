import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { ProcessSampler } from '../../../../../lib/core/scaling/process/process-sampler.js';
import { memorySignal } from '../../../../../lib/core/scaling/signals/memory-signals.js';
import { processSignal } from '../../../../../lib/core/scaling/signals/process-signals.js';
import { filesOf } from '../../../../support/fake-files.js';
import { readingOf } from '../../../../support/readings.js';
import { VirtualClock } from '../../../../support/virtual-clock.js';

function setUp() {
  const clock = new VirtualClock();
  const looks = { 'run-queue': 0, throttling: 0 };
  const made = vi.fn<() => void>();
  const sampler = new ProcessSampler({
    clock,
    files: filesOf({ '/sys/fs/cgroup/cpu.max': '50000 100000' }),
    probes: {
      'run-queue': () => {
        made();
        return () => ++looks['run-queue'];
      },
      throttling: () => () => {
        looks.throttling++;
        throw new Error('this probe is broken');
      },
      cpu: () => () => 0.4,
    },
  });
  return { clock, looks, made, sampler };
}

describe('the sampler that all pools share (S5)', () => {
  it('does nothing until a signal is read', async () => {
    const { clock, made, sampler } = setUp();
    processSignal('run-queue', sampler);
    memorySignal('headroom', sampler);
    await clock.advance(10_000);
    expect([made.mock.calls.length, clock.scheduled, sampler.isSampling]).toEqual([0, 0, false]);
  });

  it('looks once a second, outside the reads, however many pools there are and however often they read', async () => {
    const { clock, looks, made, sampler } = setUp();
    const signals = Array.from({ length: 100 }, () => processSignal('run-queue', sampler));
    expect(signals.map((signal) => signal.read(0)).every((value) => value === null)).toBe(true);
    expect(looks['run-queue']).toBe(0);
    await clock.advance(3_500);
    for (const signal of signals) expect(signal.read(3_500)).toEqual({ value: 4, at: 3_000 });
    expect([looks['run-queue'], made.mock.calls.length, clock.scheduled]).toEqual([4, 1, 1]);
  });

  it('stops when the last user closes, and starts afresh for the next', async () => {
    const { clock, looks, made, sampler } = setUp();
    const [first, second] = [processSignal('run-queue', sampler), processSignal('run-queue', sampler)];
    first.read(0);
    second.read(0);
    await clock.advance(1_000);
    first.close!();
    first.close!();
    await clock.advance(1_000);
    expect([looks['run-queue'], sampler.isSampling]).toEqual([3, true]);
    second.close!();
    await clock.advance(5_000);
    expect([looks['run-queue'], sampler.isSampling, clock.scheduled]).toEqual([3, false, 0]);
    expect(second.read(7_000)).toBeNull();

    const third = processSignal('run-queue', sampler);
    expect(third.read(7_000)).toBeNull();
    await clock.advance(0);
    expect(third.read(7_000)).toEqual({ value: 4, at: 7_000 });
    expect(made).toHaveBeenCalledTimes(2);
    third.close!();
    expect(sampler.isSampling).toBe(false);
  });

  it('looks only at what is asked for', async () => {
    const { clock, looks, sampler } = setUp();
    processSignal('usable-cores', sampler).read(0);
    await clock.advance(2_000);
    expect(looks).toEqual({ 'run-queue': 0, throttling: 0 });
  });

  it('goes on when one probe throws; that one has no value', async () => {
    const { clock, looks, sampler } = setUp();
    const [broken, well] = [processSignal('throttling', sampler), processSignal('run-queue', sampler)];
    broken.read(0);
    well.read(0);
    await clock.advance(2_000);
    expect(broken.read(2_000)).toBeNull();
    expect(well.read(2_000)).toEqual({ value: 3, at: 2_000 });
    expect(looks.throttling).toBe(3);
  });

  it.each<[string, number | undefined, number]>([
    ['the half core that the quota leaves', undefined, 0.8],
    ['an override', 4, 0.1],
  ])('process CPU is a part of %s', async (_, cores, expected) => {
    const { clock, sampler } = setUp();
    const signal = processSignal('cpu', sampler, cores);
    signal.read(0);
    await clock.advance(1_000);
    expect(signal.read(1_000)!.value).toBeCloseTo(expected, 10);
    signal.close!();
    expect(sampler.isSampling).toBe(false);
  });

  it('usable cores are those of the quota, or the override, for which nothing is sampled', async () => {
    const { clock, sampler } = setUp();
    expect(processSignal('usable-cores', sampler, 3).read(7)).toEqual({ value: 3, at: 7 });
    expect(sampler.isSampling).toBe(false);
    const signal = processSignal('usable-cores', sampler);
    signal.read(0);
    await clock.advance(0);
    expect(signal.read(0)).toEqual({ value: 0.5, at: 0 });
  });

  it('holds no process open', async () => {
    const module = new URL('../../../../../lib/core/scaling/process/process-sampler.js', import.meta.url).href;
    const script = `
      const { sharedSampler } = await import(${JSON.stringify(module)});
      for (const name of ['cpu', 'usable-cores', 'throttling', 'run-queue', 'main-loop', 'memory']) sharedSampler.watch(name);
      console.log('sampling', sharedSampler.isSampling);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toBe('sampling true\n');
  });
});

describe('memory headroom (S5)', () => {
  const MIB = 2 ** 20;
  const at = (limitMb: number, usedMb: number) => {
    const clock = new VirtualClock();
    const memory = () => () => ({ limit: limitMb * MIB, used: usedMb * MIB });
    return { clock, sampler: new ProcessSampler({ clock, probes: { memory } }) };
  };
  const heap = (...heaps: number[]) => ({ workers: heaps.map((heapMb) => ({ heapMb })) });

  it.each<[string, 'headroom' | 'at-max', object, number | undefined, number]>([
    // (0.9 * 1000 - 400) / 50
    ['500 MiB left for workers of 50', 'headroom', heap(46, 46), undefined, 10],
    ['those that are starting have yet to take theirs', 'headroom', { ...heap(46), starting: 3 }, undefined, 7],
    ['heaps that were not measured are left out', 'headroom', heap(0, 46, 0), undefined, 10],
    ['no heap measured: a bare worker', 'headroom', heap(0, 0), undefined, 500 / 9],
    ['a small heap: a bare worker', 'headroom', heap(2), undefined, 500 / 9],
    ['no workers told of: a bare worker', 'headroom', {}, undefined, 500 / 9],
    ['memory of a worker given', 'headroom', heap(46), 125, 4],
    // (400 + (8 - 4) * 50) / 1000
    ['at its maximum of 8, from 4', 'at-max', heap(46), undefined, 0.6],
    ['a maximum that does not fit', 'at-max', { ...heap(46), max: 32 }, undefined, 1.8],
  ])('%s', async (_, measure, reading, workerMb, expected) => {
    const { clock, sampler } = at(1_000, 400);
    const signal = memorySignal(measure, sampler, { workerMb });
    expect(signal.read(0)).toBeNull();
    signal.observe!(readingOf(reading), 0);
    await clock.advance(0);
    expect(signal.read(0)!.value).toBeCloseTo(expected, 10);
    signal.close!();
    expect(sampler.isSampling).toBe(false);
  });

  it('is below 0 when the reserve is touched', async () => {
    const { clock, sampler } = at(1_000, 950);
    const signal = memorySignal('headroom', sampler, { workerMb: 50 });
    signal.observe!(readingOf(), 0);
    signal.read(0);
    await clock.advance(0);
    expect(signal.read(0)!.value).toBeCloseTo(-1, 10);
  });
});
