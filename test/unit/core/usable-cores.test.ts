import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../lib/core/errors.js';
import { usableCores, usableCpu } from '../../../lib/core/usable-cores.js';
import { filesOf } from '../../support/fake-files.js';

const OWN = '/proc/self/cgroup';
const V2 = '/sys/fs/cgroup/cpu.max';
const V1_QUOTA = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us';
const V1_PERIOD = '/sys/fs/cgroup/cpu/cpu.cfs_period_us';

describe('usable cores (S5)', () => {
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
    [
      'a v2 quota of the own group',
      8,
      { [OWN]: '0::/system.slice/app.service\n', '/sys/fs/cgroup/system.slice/app.service/cpu.max': '300000 100000' },
      3,
    ],
    [
      'a tighter v2 quota of a group above',
      8,
      {
        [OWN]: '0::/pod/container\n',
        '/sys/fs/cgroup/pod/cpu.max': '200000 100000',
        '/sys/fs/cgroup/pod/container/cpu.max': '400000 100000',
      },
      2,
    ],
    [
      'a v1 quota of the own group, among other controllers',
      8,
      {
        [OWN]: '4:memory:/m\n2:cpu,cpuacct:/docker/1\n0::/\n',
        '/sys/fs/cgroup/cpu/docker/1/cpu.cfs_quota_us': '500000',
        '/sys/fs/cgroup/cpu/docker/1/cpu.cfs_period_us': '100000',
      },
      5,
    ],
    [
      'a v1 path of the host, in a container that has its own group as the root',
      8,
      { [OWN]: '2:cpu:/docker/1\n', [V1_QUOTA]: '300000', [V1_PERIOD]: '100000' },
      3,
    ],
    ['a path that leads out of the mount', 8, { [OWN]: '0::/../other\n', [V2]: '600000 100000' }, 6],
  ])('%s', (_, parallelism, files, expected) => {
    expect(usableCores({ parallelism, files: filesOf(files) })).toBe(expected);
  });

  it('are told in fractions as usable CPU', () => {
    expect(usableCpu({ parallelism: 8, files: filesOf({ [V2]: '150000 100000' }) })).toBe(1.5);
  });

  it('go by an override before anything else', () => {
    const files = filesOf({ [V2]: '100000 100000' });
    expect(usableCores({ override: 6, parallelism: 4, files })).toBe(6);
    expect(usableCores({ override: 2.5 })).toBe(3);
    expect(usableCpu({ override: 2.5 })).toBe(2.5);
  });

  it.each([0, -1, Number.NaN, Infinity, '4'])('refuse the override %s', (override) => {
    expect(() => usableCores({ override: override as number })).toThrow(PoolConfigError);
  });

  it('are a whole number from 1 on this machine', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(usableCores())).toBe(true);
  });
});
