import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { erlangC } from '../../../../lib/core/scaling/queueing/erlang-c.js';
import { calculateSize } from '../../../../lib/core/scaling/sizing.js';

const cores = 1_000;

/** Least servers, Erlang's C summed from its definition: another way to the same size. */
function bySumming(perSecond: number, serviceMs: number, cv: number, objectiveMs: number, late: number): number {
  const load = (perSecond * serviceMs) / 1000;
  for (let servers = Math.floor(load) + 1; ; servers++) {
    let term = 1;
    let sum = 0;
    for (let k = 0; k < servers; k++) {
      sum += term;
      term *= load / (k + 1);
    }
    const waiting = (term * servers) / (servers - load);
    const tail = Math.exp((-(servers - load) * objectiveMs) / (serviceMs * ((1 + cv * cv) / 2)));
    if ((waiting / (sum + waiting)) * tail <= late) return servers;
  }
}

describe('the sizing calculator (L4)', () => {
  it("rests on Erlang's C as the textbooks have it: 10 servers, a load of 8", () => {
    expect(erlangC(10, 8)).toBeCloseTo(0.40918, 5);
  });

  // Computed apart, by the definition of Erlang's C in factorials.
  it.each([
    { rate: 40, serviceMs: 50, size: 4, utilization: 0.5, p99: 71.399 },
    { rate: 200, serviceMs: 50, size: 12, utilization: 0.83333, p99: 95.133 },
    { rate: 200, serviceMs: 50, serviceCv: 0, size: 12, utilization: 0.83333, p99: 47.566 },
    { rate: 200, serviceMs: 50, serviceCv: 2, size: 14, utilization: 0.71429, p99: 89.288 },
    { rate: 200, serviceMs: 50, arrivalCv2: 4, size: 14, utilization: 0.71429, p99: 89.288 },
    { rate: 200, serviceMs: 50, late: 0.001, size: 13, utilization: 0.76923, p99: 55.848 },
    { rate: 100, serviceMs: 80, objectiveMs: 1, late: 0.45, size: 10, utilization: 0.8, p99: 148.463 },
    { rate: 1_000, serviceMs: 50, size: 53, utilization: 0.9434, p99: 67.619 },
    { rate: 10, serviceMs: 500, late: 0.05, size: 9, utilization: 0.55556, p99: 260.725 },
    { rate: 1, serviceMs: 10, size: 1, utilization: 0.01, p99: 0 },
  ])('$rate tasks/s of $serviceMs ms need $size workers', ({ rate, size, utilization, p99, ...rest }) => {
    const told = calculateSize({ arrivalsPerSecond: rate, cores, ...rest });
    expect(told).toMatchObject({ min: size, max: size });
    expect(told.utilizationAtPeak).toBeCloseTo(utilization, 4);
    expect(told.expectedP99WaitMs).toBeCloseTo(p99, 2);
  });

  it('takes min from the typical rate and max from the peak (Q14)', () => {
    for (const [typical, peak, serviceMs, serviceCv] of [
      [40, 200, 50, 1],
      [3, 90, 200, 1.5],
      [10, 400, 12, 0.3],
    ] as const) {
      const told = calculateSize({ arrivalsPerSecond: { typical, peak }, serviceMs, serviceCv, cores });
      expect(told.min).toBe(bySumming(typical, serviceMs, serviceCv, 100, 0.01));
      expect(told.max).toBe(bySumming(peak, serviceMs, serviceCv, 100, 0.01));
    }
  });

  it('keeps one worker where nothing comes as a rule', () => {
    expect(calculateSize({ arrivalsPerSecond: { typical: 0, peak: 10 }, serviceMs: 50, cores }).min).toBe(1);
  });

  it("says in words what keeps the workers at work: Little's law (Q15)", () => {
    const { why } = calculateSize({ arrivalsPerSecond: { typical: 40, peak: 200 }, serviceMs: 50, cores });
    expect(why[0]).toBe(
      'min 4: 40 tasks/s of 50 ms keep 2 workers at work on average; with 4, 50 % of their time is used and 0.319 % ' +
        'of the tasks wait over 100 ms (at most 1 % may).',
    );
    expect(why[1]).toMatch(/^max 12: 200 tasks\/s of 50 ms keep 10 workers at work on average; with 12, 83\.3 % /);
  });

  it('says how little room high utilization leaves (Q31)', () => {
    const why = (rate: number) => calculateSize({ arrivalsPerSecond: rate, serviceMs: 50, cores }).why.join('\n');
    expect(why(200)).toMatch(/With 10 % more than the peak, 99 % of the tasks would wait up to \d+ ms\./);
    expect(why(1_000)).toContain('With 10 % more than the peak the queue would grow');
  });

  it('warns where CPU work wants more workers than there are cores, and caps nothing', () => {
    const options = { arrivalsPerSecond: { typical: 10, peak: 200 }, serviceMs: 50 };
    const small = calculateSize({ ...options, cores: 2 });
    expect(small.max).toBe(12);
    expect(small.why.at(-1)).toMatch(/^Warning: max is more than the 2 usable cores, which compute at most 40 .*shed/);
    expect(calculateSize({ ...options, cores: 11 }).why.at(-1)).toMatch(/Set max to 11/);
    expect(calculateSize({ ...options, cores: 12 }).why.join()).not.toContain('Warning');
    expect(calculateSize({ ...options, cores: 2, kind: 'async' }).why.join()).not.toContain('Warning');
  });

  it('warns where a pool cannot have as many', () => {
    const { max, why } = calculateSize({ arrivalsPerSecond: 30_000, serviceMs: 50, kind: 'async' });
    expect(max).toBeGreaterThan(1_500);
    expect(why.at(-1)).toMatch(/^Warning: a pool has at most 1,024 workers/);
  });

  it('says what a jump does while workers boot', () => {
    const why = (bootMs: number) => {
      const arrivalsPerSecond = { typical: 40, peak: 200 };
      return calculateSize({ arrivalsPerSecond, serviceMs: 50, bootMs, cores }).why.join('\n');
    };
    // A load of 10 x (1 - 100 / 150) is 3.3: the 4 there are bridge 150 ms; 10 x (1 - 100 / 1000) needs 9.
    expect(why(150)).toContain('A jump to the peak is met in time');
    expect(why(80)).toContain('A jump to the peak is met in time');
    expect(why(1_000)).toContain('until new workers are up, 1000 ms later; a min of 9 would bridge that.');
  });

  it.each([
    [{ arrivalsPerSecond: 0, serviceMs: 50 }, /arrivalsPerSecond is 0, but must be a finite number above 0/],
    [{ arrivalsPerSecond: null, serviceMs: 50 }, /arrivalsPerSecond is null, but must be an object/],
    [{ serviceMs: 50 }, /arrivalsPerSecond is undefined/],
    [{ arrivalsPerSecond: { typical: 5 }, serviceMs: 50 }, /arrivalsPerSecond.peak is undefined/],
    [
      { arrivalsPerSecond: { typical: 5, peak: 4 }, serviceMs: 50 },
      /peak is 4, but must be at least arrivalsPerSecond.typical, 5/,
    ],
    [{ arrivalsPerSecond: { typical: 5, peek: 9 }, serviceMs: 50 }, /no option "peek"\. Did you mean 'peak'\?/],
    [{ arrivalsPerSecond: 5, serviceMs: '50' }, /serviceMs is "50", but must be a number of milliseconds/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, late: 1 }, /late is 1, but must be a number above 0 and below 1/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, serviceCv: -1 }, /serviceCv is -1/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, arrivalCv2: NaN }, /arrivalCv2 is NaN/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, objectiveMs: 0 }, /objectiveMs is 0/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, bootMs: -1 }, /bootMs is -1/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, cores: 0 }, /cores is 0/],
    [{ arrivalsPerSecond: 5, serviceMs: 50, kind: 'thread' }, /kind is "thread", but must be 'threads' or 'async'/],
    [{ arrivalsPerSecond: 5, servicesMs: 50 }, /no option "servicesMs"\. Did you mean 'serviceMs'\?/],
    [{ arrivalsPerSecond: 1e9, serviceMs: 50 }, /arrivalsPerSecond is 1000000000.*a million workers/],
    [undefined, /options is undefined/],
  ])('refuses %j', (options, message) => {
    expect(() => calculateSize(options as never)).toThrow(PoolConfigError);
    expect(() => calculateSize(options as never)).toThrow(message);
  });
});
