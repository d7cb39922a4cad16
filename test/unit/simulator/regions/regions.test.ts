import { describe, expect, it } from 'vitest';
import { poissonWorkload, type LoadShape } from '../../../../lib/simulator/load/index.js';
import { Coordinator } from '../../../../lib/simulator/regions/coordinator.js';
import { Mail, type RegionReport } from '../../../../lib/simulator/regions/messages.js';
import { quotaShares } from '../../../../lib/simulator/regions/quota-shares.js';
import {
  simulateRegions,
  type RegionResult,
  type RegionSpec,
} from '../../../../lib/simulator/regions/simulate-regions.js';
import { mostTogether } from '../../../../lib/simulator/regions/together.js';
import { Random } from '../../../support/random.js';

const CAP = 24;
const NAMES = ['asia', 'europe', 'america'];

/** From 5 to 165 tasks a second over the day, a third of a day later in each region. */
function sun(index: number, dayMs: number): LoadShape {
  const noon = dayMs * (0.25 + index / 3);
  return {
    name: NAMES[index]!,
    durationMs: dayMs,
    rateAt: (ms) => 5 + 160 * Math.max(0, Math.cos((2 * Math.PI * (ms - noon)) / dayMs)) ** 2,
  };
}

function world(dayMs: number): RegionSpec[] {
  return NAMES.map((name, index) => ({ name, workload: poissonWorkload(sun(index, dayMs), { seed: index + 1 }) }));
}

/** A day in eight minutes. */
const DAY_MS = 480_000;
const HOUR_MS = DAY_MS / 24;
const specs = world(DAY_MS);
const around = { cap: CAP, everyMs: 4_000, delayMs: 800 };

/** What a list of changes was at a time. */
function at<Change extends { readonly at: number }>(changes: readonly Change[], ms: number): Change {
  return changes.findLast((change) => change.at <= ms)!;
}

/** Share of the tasks that arrived in a span which waited longer than 100 ms, percent. */
function missPct(region: RegionResult, fromMs: number, toMs: number): number {
  const { arrivals } = specs.find(({ name }) => name === region.name)!.workload;
  const waits = region.waits.filter((_, task) => arrivals[task]! >= fromMs && arrivals[task]! < toMs);
  return (100 * waits.filter((wait) => !(wait <= 100)).length) / waits.length;
}

describe('several regions (C6)', () => {
  const calm = simulateRegions(specs, around);

  it('never hold more than the cap together, workers and quotas alike', () => {
    expect(calm.mostQuota).toBeLessThanOrEqual(CAP);
    expect(calm.mostWorkers).toBeLessThanOrEqual(CAP);
    expect(calm.regions.map(({ faults }) => faults)).toEqual([[], [], []]);
  });

  it('have their workers where the sun is', () => {
    for (const [index, { quotas, sizes }] of calm.regions.entries()) {
      const noon = (DAY_MS * (0.25 + index / 3)) % DAY_MS;
      const midnight = (noon + DAY_MS / 2) % DAY_MS;
      expect(at(sizes, noon).size).toBeGreaterThan(3 * at(sizes, midnight).size);
      expect(at(quotas, noon).quota).toBeGreaterThan(CAP / 3 + 2);
    }
  });

  it('keep the objective, though together they could not at fixed shares', () => {
    for (const region of calm.regions) expect(region.missPct).toBeLessThan(1);
    const fixed = simulateRegions(specs, { ...around, everyMs: 10 * DAY_MS });
    expect(fixed.regions.map(({ quotas }) => quotas.length)).toEqual([1, 1, 1]);
    expect(Math.max(...fixed.regions.map((region) => region.missPct))).toBeGreaterThan(5);
  });

  it('refuse what makes no sense', () => {
    expect(() => simulateRegions(specs, { cap: 2 })).toThrow('cap is 2');
    const partitions = [{ region: 'mars', fromMs: 0, toMs: 1 }];
    expect(() => simulateRegions(specs, { cap: 9, partitions })).toThrow('partitions.region is "mars"');
    expect(() => simulateRegions(specs, { cap: 9, every: 1 } as object as { cap: number })).toThrow(
      'no option "every"',
    );
  });

  it('go on alone within the last quota while cut off, and take part again afterwards', () => {
    const [fromMs, toMs] = [7 * HOUR_MS, 15 * HOUR_MS];
    const result = simulateRegions(specs, { ...around, partitions: [{ region: 'asia', fromMs, toMs }] });
    const asia = result.regions[0]!;
    // What was under way is lost with the rest, so that nothing reaches it.
    expect(asia.quotas.filter((change) => change.at >= fromMs && change.at < toMs)).toEqual([]);
    const quota = at(asia.quotas, fromMs).quota;
    const alone = asia.resizes.filter((resize) => resize.at >= fromMs && resize.at < toMs);
    expect(alone.length).toBeGreaterThan(3);
    expect(Math.max(...alone.map(({ to }) => to))).toBeLessThanOrEqual(quota);
    expect(missPct(asia, fromMs, toMs)).toBeLessThan(1);
    expect(asia.quotas.some((change) => change.at >= toMs && change.quota < quota)).toBe(true);
  });
});

describe('several regions in a hurry, with partitions', () => {
  const fast = world(100_000);

  it.each([
    ['one', [{ region: 'asia', fromMs: 29_000, toMs: 66_000 }]],
    ['one, before its noon', [{ region: 'america', fromMs: 12_000, toMs: 33_000 }]],
    ['all', NAMES.map((region) => ({ region, fromMs: 17_000, toMs: 83_000 }))],
    [
      'one, time and again',
      Array.from({ length: 40 }, (_, n) => ({ region: 'europe', fromMs: n * 2_300, toMs: n * 2_300 + 1_150 })),
    ],
  ])('keep to the cap while cut off: %s', (_, partitions) => {
    const run = () => simulateRegions(fast, { cap: 16, everyMs: 1_000, delayMs: 200, partitions });
    const result = run();
    expect(result.mostQuota).toBeLessThanOrEqual(16);
    expect(result.mostWorkers).toBeLessThanOrEqual(16);
    expect(run()).toEqual(result);
  });
});

describe('the coordinator', () => {
  const report = (region: number, part: Partial<RegionReport>): RegionReport => ({
    region,
    at: 0,
    wanted: 1,
    held: 5,
    followed: 0,
    ...part,
  });

  it('gives what was taken back only when it has come back', () => {
    const coordinator = new Coordinator({ cap: 10, floors: [1, 1], contactMs: 1_000 }, [5, 5]);
    coordinator.hear(report(0, { wanted: 9 }));
    coordinator.hear(report(1, { wanted: 1 }));
    const [mine, yours] = coordinator.decide(0);
    expect(mine!.quota).toBe(5);
    expect(yours!.quota).toBeLessThan(5);
    // It follows, but two of its workers have tasks to end.
    coordinator.hear(report(1, { followed: yours!.number, held: 4 }));
    expect(coordinator.decide(0)[0]!.quota).toBe(6);
  });

  it('leaves a region that it has lost what it had, and gives others the rest', () => {
    const coordinator = new Coordinator({ cap: 10, floors: [1, 1], contactMs: 1_000 }, [3, 3]);
    coordinator.hear(report(0, { wanted: 9, held: 3, at: 5_000 }));
    coordinator.hear(report(1, { wanted: 1, held: 3, at: 3_000 }));
    expect(coordinator.decide(5_000)).toEqual([{ region: 0, number: 1, quota: 7 }]);
  });

  it('gives nothing twice, whatever gets lost', () => {
    const random = new Random(11);
    const cap = 30;
    const first = [10, 10, 10];
    const coordinator = new Coordinator({ cap, floors: [2, 2, 2], contactMs: 3_000 }, first);
    const inForce = first.map((quota) => ({ quota, size: quota, followed: 0 }));
    for (let now = 0; now < 2_000_000; now += 1_000) {
      for (const { region, number, quota } of coordinator.decide(now)) {
        if (random.below(3) > 0) inForce[region] = { ...inForce[region]!, quota, followed: number };
      }
      expect(inForce.reduce((sum, { quota, size }) => sum + Math.max(quota, size), 0)).toBeLessThanOrEqual(cap);
      for (const [region, now_] of inForce.entries()) {
        // Workers above the quota leave when their tasks have ended.
        now_.size = now_.size > now_.quota ? now_.size - random.below(2) : 1 + random.below(now_.quota);
        const held = Math.max(now_.quota, now_.size);
        if (random.below(4) === 0) continue;
        coordinator.hear(report(region, { at: now, wanted: random.below(40), held, followed: now_.followed }));
      }
    }
  });
});

describe('shares of a quota', () => {
  it.each([
    [
      10,
      [
        [1, 1],
        [1, 1],
      ],
      [5, 5],
    ],
    [
      10,
      [
        [1, 8],
        [1, 1],
      ],
      [8, 2],
    ],
    [
      12,
      [
        [2, 0],
        [2, 2],
      ],
      [6, 6],
    ],
    [
      10,
      [
        [1, 100],
        [1, 100],
        [1, 100],
      ],
      [4, 3, 3],
    ],
    [
      3,
      [
        [1, 9],
        [1, 9],
        [1, 9],
      ],
      [1, 1, 1],
    ],
  ])('of %i for %o: %o', (cap, wishes, shares) => {
    expect(
      quotaShares(
        cap,
        wishes.map(([floor, wanted]) => ({ floor: floor!, wanted: wanted! })),
      ),
    ).toEqual(shares);
  });
});

describe('mail between regions', () => {
  it('takes its time, and is lost where it meets a partition at either end', () => {
    const mail = new Mail<{ region: number; text: string }>(100, (region, at) => region === 1 && at >= 50 && at < 150);
    mail.post({ region: 0, text: 'arrives' }, 0);
    mail.post({ region: 1, text: 'lost on arrival' }, 0);
    mail.post({ region: 1, text: 'never sent' }, 60);
    mail.post({ region: 1, text: 'arrives after' }, 150);
    expect(mail.take(99)).toEqual([]);
    expect(mail.take(100).map(({ text }) => text)).toEqual(['arrives']);
    expect(mail.take(1_000).map(({ text }) => text)).toEqual(['arrives after']);
    expect(mail.nextDue).toBe(Infinity);
  });
});

describe('the most together', () => {
  it('adds up what changes at the same instant before it looks', () => {
    const moved = [
      [
        { at: 0, value: 5 },
        { at: 10, value: 2 },
      ],
      [
        { at: 0, value: 1 },
        { at: 10, value: 4 },
      ],
    ];
    expect(mostTogether(moved)).toBe(6);
    expect(
      mostTogether([
        [
          { at: 0, value: 5 },
          { at: 11, value: 2 },
        ],
        moved[1]!,
      ]),
    ).toBe(9);
    expect(mostTogether([])).toBe(0);
  });
});
