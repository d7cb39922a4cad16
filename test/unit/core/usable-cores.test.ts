import { describe, expect, it } from 'vitest';
import { usableCores } from '../../../lib/core/usable-cores.js';

const V2 = '/sys/fs/cgroup/cpu.max';
const V1_QUOTA = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us';
const V1_PERIOD = '/sys/fs/cgroup/cpu/cpu.cfs_period_us';

function cores(parallelism: number, files: Record<string, string> = {}): number {
  return usableCores(parallelism, (file) => files[file] ?? null);
}

describe('usable cores', () => {
  it.each<[string, number, Record<string, string>, number]>([
    ['no quota anywhere', 8, {}, 8],
    ['v2 without a quota', 8, { [V2]: 'max 100000\n' }, 8],
    ['v2 with two cores', 8, { [V2]: '200000 100000\n' }, 2],
    ['v2 with one and a half, rounded up', 8, { [V2]: '150000 100000\n' }, 2],
    ['v2 with a tenth of a core', 8, { [V2]: '10000 100000\n' }, 1],
    ['a quota beyond the machine', 4, { [V2]: '6400000 100000\n' }, 4],
    ['v1 with three cores', 8, { [V1_QUOTA]: '300000\n', [V1_PERIOD]: '100000\n' }, 3],
    ['v1 without a quota', 8, { [V1_QUOTA]: '-1\n', [V1_PERIOD]: '100000\n' }, 8],
    ['v1 without its period', 8, { [V1_QUOTA]: '300000\n' }, 8],
    ['v2 without a quota, v1 with one', 8, { [V2]: 'max 100000', [V1_QUOTA]: '100000', [V1_PERIOD]: '100000' }, 1],
    ['an empty file', 8, { [V2]: '' }, 8],
    ['nonsense', 8, { [V2]: 'lots of it' }, 8],
    ['a period of zero', 8, { [V2]: '100000 0' }, 8],
    ['a parallelism of zero', 0, {}, 1],
  ])('%s', (_, parallelism, files, expected) => {
    expect(cores(parallelism, files)).toBe(expected);
  });

  it('is a whole number from 1 on this machine', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(usableCores())).toBe(true);
  });
});
