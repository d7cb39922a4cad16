import { describe, expect, it, vi } from 'vitest';
import type { PoolSnapshot } from '../../../../../lib/core/contract/snapshot.js';
import { PoolConfigError } from '../../../../../lib/core/errors.js';
import type { PoolReading } from '../../../../../lib/core/scaling/contract.js';
import { ProcessSampler } from '../../../../../lib/core/scaling/process/process-sampler.js';
import { buildSignal } from '../../../../../lib/core/scaling/signals/build-signal.js';
import { buildSignals } from '../../../../../lib/core/scaling/signals/build-signals.js';
import { requireSignalName } from '../../../../../lib/core/scaling/signals/signal-names.js';
import type { SignalSpec } from '../../../../../lib/core/scaling/signals/signal-spec.js';
import { SIGNAL_TYPES } from '../../../../../lib/core/scaling/signals/signal-types.js';
import { loadOf, valueAfter } from '../../../../support/readings.js';
import { VirtualClock } from '../../../../support/virtual-clock.js';

const busy = {
  queueDepth: 50,
  busy: 3,
  wait: { mean: 12, p50: 8, p99: 90, oldest: 30 },
  workers: [{ threadId: 1, elu: 0.5, loopDelayMs: 4 }],
};
const before = { counters: { submitted: 0, completed: 0, failed: 0 } };
const after = { ...busy, counters: { submitted: 100, completed: 60, failed: 20 }, load: loadOf([20, 40, 20, 40]) };

describe('building a signal', () => {
  it.each<[SignalSpec, number]>([
    [{ type: 'queue-depth' }, 0.5],
    [{ type: 'utilization' }, 0.75],
    [{ type: 'wait' }, 90],
    [{ type: 'wait', quantile: 'p50' }, 8],
    [{ type: 'service' }, 30],
    [{ type: 'service', measure: 'scv', completions: 50 }, 100 / 900],
    [{ type: 'arrival-rate' }, 50],
    [{ type: 'throughput', windowMs: 1_000 }, 40],
    [{ type: 'error-rate' }, 0.25],
    [{ type: 'breaker', breaker: { state: 'half-open' } }, 0.5],
    [{ type: 'loop-utilization' }, 0.5],
    [{ type: 'loop-delay', over: 'mean' }, 4],
    [{ type: 'ewma', of: { type: 'utilization' }, alpha: 0.5 }, 0.375],
    [{ type: 'ewma', of: 'queueDepth', halfLifeMs: 2_000 }, 0.25],
    [{ type: 'ewma', of: { type: 'ewma', of: (now) => now, alpha: 0.5 }, alpha: 0.5 }, 500],
    ['waitP99', 90],
    [(now) => now + 1, 2_001],
    [{ read: (now) => ({ value: 7, at: now }) }, 7],
  ])('of %j', (spec, expected) => {
    expect(valueAfter(buildSignal(spec), { 0: before, 2_000: after })).toBeCloseTo(expected, 10);
  });

  it('has a type for all that is measured of the process, by the sampler given', async () => {
    const clock = new VirtualClock();
    const one = () => () => 1;
    const memory = () => () => ({ limit: 100, used: 50 });
    const probes = { cpu: one, 'usable-cores': one, throttling: one, 'run-queue': one, 'main-loop': one, memory };
    const context = { sampler: new ProcessSampler({ clock, probes }), cores: 4 };
    const values: Record<string, number | undefined> = {};
    for (const type of ['cpu', 'usable-cores', 'throttling', 'run-queue', 'main-loop', 'memory'] as const) {
      const spec = type === 'memory' ? ({ type, measure: 'at-max', workerMb: 1e-6 } as const) : { type };
      const signal = buildSignal(spec as SignalSpec, context);
      valueAfter(signal, { 0: before });
      await clock.advance(0);
      values[type] = Math.round(signal.read(0)!.value * 100) / 100;
      signal.close?.();
    }
    expect(values).toEqual({
      cpu: 0.25,
      'usable-cores': 4,
      throttling: 1,
      'run-queue': 1,
      'main-loop': 1,
      memory: 0.54,
    });
    expect(context.sampler.isSampling).toBe(false);
  });

  it('goes by the number of cores that it is told, where the machine does not tell it right', () => {
    const read = (spec: SignalSpec) => buildSignal(spec, { sampler: new ProcessSampler() }).read(7);
    expect(read({ type: 'usable-cores', cores: 1.5 })).toEqual({ value: 1.5, at: 7 });
  });

  it('finds registered signals by name', () => {
    const registered = { partners: { read: () => ({ value: 3, at: 0 }) } };
    expect(buildSignal('partners', { registered }).read(0)!.value).toBe(3);
    expect(buildSignal({ type: 'ewma', of: 'partners', alpha: 1 }, { registered }).read(0)!.value).toBe(3);
  });

  it('builds types from outside the core', () => {
    const types = {
      weather: { fields: ['city'], build: () => ({ read: (now: number) => ({ value: 21, at: now }) }) },
    };
    const spec = { type: 'weather', city: 'Bern' } as unknown as SignalSpec;
    expect(buildSignal(spec, { types }).read(0)!.value).toBe(21);
  });

  it.each<[unknown, RegExp]>([
    [
      { type: 'queue-dpeth' },
      /^pool 'p': s\.x\.type is "queue-dpeth", .*Did you mean 'queue-depth'\? There are: queue-/,
    ],
    [{ type: 'constructor' }, /s\.x\.type is "constructor", but no type of signal has that name/],
    [{ type: 'prometheus', url: 'http://localhost', query: 'up' }, /s\.x\.type is "prometheus".*prometheusType/],
    [{}, /s\.x\.type is undefined/],
    [{ type: 7 }, /s\.x\.type is 7/],
    ['waitP9', /s\.x is "waitP9", but no signal has that name\. Did you mean 'waitP99'\?/],
    ['toString', /s\.x is "toString", but no signal has that name/],
    [null, /s\.x is null, but must be a signal: an object with a type, or a name/],
    [undefined, /s\.x is undefined/],
    [3, /s\.x is 3/],
    [['queue-depth'], /s\.x is an array/],
    [{ type: 'utilization', windowMs: 5 }, /s\.x has no option "windowMs"/],
    [{ type: 'wait', quantil: 'p99' }, /s\.x has no option "quantil"\. Did you mean 'quantile'\?/],
    [{ type: 'wait', quantile: 'p90' }, /s\.x\.quantile is "p90", but must be 'p99' or 'mean'/],
    [{ type: 'error-rate', windowMs: 0 }, /s\.x\.windowMs is 0/],
    [{ type: 'arrival-rate', windowMs: Number.NaN }, /s\.x\.windowMs is NaN/],
    [{ type: 'service', completions: 1 }, /s\.x\.completions is 1/],
    [{ type: 'service', measure: 'median' }, /s\.x\.measure is "median"/],
    [{ type: 'ewma', of: 'waitP99' }, /s\.x\.halfLifeMs is undefined, but must be set, or else alpha/],
    [{ type: 'ewma', of: 'waitP99', halfLifeMs: 5, alpha: 0.5 }, /s\.x\.halfLifeMs.*not both/],
    [{ type: 'ewma', of: 'waitP99', halfLifeMs: -5 }, /s\.x\.halfLifeMs is -5/],
    [{ type: 'ewma', of: 'waitP99', alpha: 0 }, /s\.x\.alpha is 0, but must be a number above 0 and up to 1/],
    [{ type: 'ewma', of: 'waitP99', alpha: 1.5 }, /s\.x\.alpha is 1\.5/],
    [{ type: 'ewma', halfLifeMs: 5 }, /s\.x\.of is undefined/],
    [{ type: 'ewma', of: { type: 'ewma', of: 'wait', alpha: 1 }, alpha: 1 }, /s\.x\.of\.of is "wait"/],
    [{ type: 'breaker' }, /s\.x\.breaker is undefined/],
    [{ type: 'breaker', breaker: { opened: true } }, /s\.x\.breaker is an object, but must be an object whose state/],
    [{ type: 'loop-delay', over: 'sum' }, /s\.x\.over is "sum"/],
    [{ type: 'usable-cores', cores: 0 }, /s\.x\.cores is 0, but must be a number above 0/],
    [{ type: 'memory', workerMb: 0 }, /s\.x\.workerMb is 0/],
    [{ type: 'memory', measure: 'max' }, /s\.x\.measure is "max"/],
  ])('refuses %j', (spec, message) => {
    const build = () => buildSignal(spec as SignalSpec, { pool: 'p' }, 's.x');
    expect(build).toThrow(PoolConfigError);
    expect(build).toThrow(message);
  });

  it('takes every snapshot of a pool for a reading', () => {
    const asReading = (snapshot: PoolSnapshot): PoolReading => snapshot;
    expect(asReading).toBeTypeOf('function');
  });
});

describe('the signals of a policy', () => {
  it('are the default ones', () => {
    const values = Object.fromEntries(
      Object.entries(buildSignals()).map(([name, signal]) => [name, valueAfter(signal, { 0: before, 2_000: after })]),
    );
    expect(values).toEqual({
      queueDepth: 0.5,
      utilization: 0.75,
      waitMean: 12,
      waitP99: 90,
      errorRate: 0.25,
      arrivalRate: 50,
      throughput: 40,
      serviceMean: 30,
    });
  });

  it('and those of one’s own, which may stand in for a default one', () => {
    const signals = buildSignals({ partners: () => 1, errorRate: () => 0.5 });
    expect(Object.keys(signals)).toHaveLength(9);
    expect(signals.partners!.read(0)!.value).toBe(1);
    expect(signals.errorRate!.read(0)!.value).toBe(0.5);
  });

  it('are closed again where one cannot be built', () => {
    const close = vi.fn<() => void>();
    const own = { read: () => null, close };
    expect(() => buildSignals({ own, bad: { type: 'ewma' } as never }, { pool: 'p' })).toThrow(
      /scaling\.policy\.signals\.bad\./,
    );
    expect(close).toHaveBeenCalledOnce();
  });

  it.each(['', '9lives', '__proto__', 'a b', 'x'.repeat(65)])('cannot be named %j', (name) => {
    expect(() => buildSignals(JSON.parse(`{ ${JSON.stringify(name)}: "waitP99" }`))).toThrow(PoolConfigError);
  });

  it.each([[[]], ['waitP99'], [null]])('are not %j', (specs) => {
    expect(() => buildSignals(specs as never)).toThrow(/scaling\.policy\.signals is /);
  });

  it('are referred to by names that exist', () => {
    const known = Object.keys(buildSignals());
    const place = { pool: 'p', option: 'scaling.policy.decider.signal' };
    expect(requireSignalName(place, 'waitP99', known)).toBe('waitP99');
    expect(() => requireSignalName(place, 'waitp', known)).toThrow(
      /^pool 'p': scaling\.policy\.decider\.signal is "waitp", but no signal has that name\. .*There are: queueDepth, /,
    );
    expect(() => requireSignalName(place, 5, known)).toThrow(/is 5, but no signal has that name\. There are/);
  });

  it('leave no type without a test here', () => {
    expect(Object.keys(SIGNAL_TYPES).sort()).toEqual(
      [
        ...['queue-depth', 'utilization', 'wait', 'service', 'arrival-rate', 'throughput', 'error-rate', 'ewma'],
        ...['arrival-dispersion', 'breaker', 'loop-utilization', 'loop-delay', 'memory'],
        ...['cpu', 'usable-cores', 'throttling', 'run-queue', 'main-loop'],
      ].sort(),
    );
  });
});
