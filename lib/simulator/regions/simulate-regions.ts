import { PoolConfigError } from '../../core/errors.js';
import type { ScalingOptions } from '../../core/scaling/scaling-options.js';
import { refusal, rejectUnknownKeys, requireDuration, requireInteger } from '../../core/validate.js';
import { resolveSimulation } from '../resolve-simulation.js';
import type { SimulationResult } from '../simulation-result.js';
import { requireWorkload, type Workload } from '../workload.js';
import { Coordinator } from './coordinator.js';
import { Mail, type Partition, type QuotaOrder, type RegionReport } from './messages.js';
import { Region, type QuotaChange } from './region.js';
import { quotaShares } from './quota-shares.js';
import { mostTogether } from './together.js';

export interface RegionSpec {
  readonly name: string;
  readonly workload: Workload;
  /** Quota that it always has. Default 1. */
  readonly min?: number;
  /** How it sizes itself. Default `balanced`. */
  readonly scaling?: ScalingOptions;
}

export interface RegionsOptions {
  /** Workers of all regions together. */
  readonly cap: number;
  /** Time between two reports of a region, and between two decisions of the coordinator, milliseconds. Default 10,000. */
  readonly everyMs?: number;
  /** How long a message takes, milliseconds. Default 500. */
  readonly delayMs?: number;
  /** A region that was not heard of for this long counts as lost, milliseconds. Default: three times `everyMs`. */
  readonly contactMs?: number;
  readonly partitions?: readonly Partition[];
  /** Time that a worker takes to start, milliseconds. Default 150. */
  readonly spawnDelayMs?: number;
}

export interface RegionResult extends Omit<SimulationResult, 'decisions' | 'workload'> {
  readonly name: string;
  readonly quotas: readonly QuotaChange[];
}

export interface RegionsResult {
  readonly regions: readonly RegionResult[];
  /** The most workers, starting ones included, that there were at a time in all regions. */
  readonly mostWorkers: number;
  /** The highest sum of all quotas at a time. */
  readonly mostQuota: number;
}

const KEYS = ['cap', 'everyMs', 'delayMs', 'contactMs', 'partitions', 'spawnDelayMs'];

/**
 * Several regions, each a pool with an autoscaler of its own, and a coordinator that moves quotas between them (C6; S4
 * Q32). Regions and coordinator know of each other by messages only, which take their time and may get lost.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function simulateRegions(specs: readonly RegionSpec[], options: RegionsOptions): RegionsResult {
  rejectUnknownKeys('simulateRegions', options, KEYS);
  const everyMs = requireDuration({ option: 'everyMs' }, options.everyMs ?? 10_000);
  const delayMs = requireDuration({ option: 'delayMs' }, options.delayMs ?? 500);
  const contactMs = requireDuration({ option: 'contactMs' }, options.contactMs ?? 3 * everyMs);
  const floors = specs.map(({ name, min }) => requireInteger({ pool: name, option: 'min' }, min ?? 1, 1, 1_024));
  const least = Math.max(
    1,
    floors.reduce((sum, floor) => sum + floor, 0),
  );
  const cap = requireInteger(
    { option: 'cap' },
    options.cap,
    least,
    1_024,
    ': at least the min of all regions together',
  );
  const first = quotaShares(
    cap,
    floors.map((floor) => ({ floor, wanted: floor })),
  );
  const regions = specs.map((spec, index) => regionOf(spec, index, first[index]!, cap, options));
  const isCut = cutsOf(specs, options.partitions ?? []);
  const reports = new Mail<RegionReport>(delayMs, isCut);
  const orders = new Mail<QuotaOrder>(delayMs, isCut);
  const coordinator = new Coordinator({ cap, floors, contactMs }, first);
  const endMs = Math.max(...specs.map(({ workload }) => workload.durationMs));

  for (let round = 0; ;) {
    const now = Math.min(round * everyMs, reports.nextDue, orders.nextDue, endMs);
    for (const region of regions) region.advance(Math.min(now, region.workload.durationMs));
    if (now >= endMs) break;
    for (const order of orders.take(now)) regions[order.region]!.follow(order);
    for (const report of reports.take(now)) coordinator.hear(report);
    if (now < round * everyMs) continue;
    for (const order of coordinator.decide(now)) orders.post(order, now);
    for (const region of regions) reports.post(region.report(), now);
    round++;
  }

  const results = regions.map((region, index) => ({
    name: specs[index]!.name,
    ...region.close(),
    faults: region.faults,
    quotas: region.quotas,
  }));
  return {
    regions: results,
    mostWorkers: mostTogether(results.map(({ sizes }) => sizes.map(({ at, size }) => ({ at, value: size })))),
    mostQuota: mostTogether(results.map(({ quotas }) => quotas.map(({ at, quota }) => ({ at, value: quota })))),
  };
}

function regionOf(spec: RegionSpec, index: number, quota: number, cap: number, options: RegionsOptions): Region {
  const { name, scaling, min = 1 } = spec;
  const resolved = resolveSimulation(
    {
      name,
      min,
      max: cap,
      initial: min,
      ...(scaling === undefined ? {} : { scaling }),
      ...(options.spawnDelayMs === undefined ? {} : { spawnDelayMs: options.spawnDelayMs }),
    },
    name,
  );
  return new Region(index, requireWorkload(spec.workload), resolved, quota);
}

function cutsOf(specs: readonly RegionSpec[], partitions: readonly Partition[]) {
  const cuts = partitions.map(({ region, fromMs, toMs }) => {
    const index = specs.findIndex(({ name }) => name === region);
    if (index === -1) throw refusal({ option: 'partitions.region' }, region, 'the name of a region');
    if (!(fromMs < toMs)) {
      throw new PoolConfigError(`partitions.fromMs is ${fromMs}, but must be before toMs, ${toMs}.`);
    }
    return { index, fromMs, toMs };
  });
  return (region: number, at: number) =>
    cuts.some(({ index, fromMs, toMs }) => index === region && at >= fromMs && at < toMs);
}
