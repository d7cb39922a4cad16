import { describe, expect, it } from 'vitest';
import { systemFiles } from '../../../../../lib/core/files.js';
import { cpuProbe } from '../../../../../lib/core/scaling/process/cpu-probe.js';
import { mainLoopProbe } from '../../../../../lib/core/scaling/process/main-loop-probe.js';
import { memoryProbe } from '../../../../../lib/core/scaling/process/memory-probe.js';
import type { Probe } from '../../../../../lib/core/scaling/process/probe.js';
import { runQueueProbe } from '../../../../../lib/core/scaling/process/run-queue-probe.js';
import { throttlingProbe } from '../../../../../lib/core/scaling/process/throttling-probe.js';
import { filesOf } from '../../../../support/fake-files.js';

type Files = Record<string, string | undefined>;

/** What a probe says at looks a second apart, each with its files. */
function looks<T>(make: (files: ReturnType<typeof filesOf>) => Probe<T>, states: readonly Files[]): (T | null)[] {
  const files: Files = {};
  const probe = make(filesOf(files));
  return states.map((state, second) => {
    for (const file of Object.keys(files)) delete files[file];
    Object.assign(files, state);
    return probe(second * 1_000);
  });
}

const thread = (id: number, ran: number, waited: number) => ({
  [`/proc/self/task/${id}/schedstat`]: `${ran} ${waited} 1\n`,
});

describe('the run-queue wait (S5)', () => {
  it.each<[string, Files[], (number | null)[]]>([
    ['is not there', [{}, {}], [null, null]],
    ['is a difference, so the first look tells none', [thread(1, 9, 5e9), thread(1, 9, 5e9)], [null, 0]],
    [
      'is summed over the threads, in seconds per second',
      [
        { ...thread(1, 9, 1e9), ...thread(2, 9, 2e9) },
        { ...thread(1, 9, 1.5e9), ...thread(2, 9, 2.75e9) },
      ],
      [null, 1.25],
    ],
    ['takes a new thread from its birth', [thread(1, 9, 0), { ...thread(1, 9, 0), ...thread(2, 9, 3e8) }], [null, 0.3]],
    ['leaves out a thread that ended', [{ ...thread(1, 9, 0), ...thread(2, 9, 9e9) }, thread(1, 9, 1e8)], [null, 0.1]],
    ['sees that a number was given to another thread', [thread(1, 9, 9e9), thread(1, 9, 2e8)], [null, 0.2]],
    ['is unknown where the kernel records nothing', [thread(1, 0, 0), thread(1, 0, 0)], [null, null]],
    [
      'passes over files that make no sense',
      [thread(1, 9, 0), { ...thread(1, 9, 1e8), '/proc/self/task/2/schedstat': 'what?' }],
      [null, 0.1],
    ],
    [
      'comes back after it was gone',
      [thread(1, 9, 0), {}, thread(1, 9, 4e9), thread(1, 9, 5e9)],
      [null, null, null, 1],
    ],
  ])('%s', (_, states, expected) => {
    expect(looks(runQueueProbe, states)).toEqual(expected);
  });
});

describe('throttling (S5)', () => {
  const stat = (folder: string, periods: number, throttled: number) => ({
    [`${folder}/cpu.stat`]: `usage_usec 5\nnr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec 7\n`,
  });
  const [v2, v1] = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu'];
  const nested = { '/proc/self/cgroup': '0::/pod/app\n' };

  it.each<[string, Files[], (number | null)[]]>([
    ['is not there', [{}, {}], [null, null]],
    ['is unknown without a quota', [stat(v1, 0, 0), stat(v1, 0, 0)], [null, null]],
    ['is unknown in the root group, which has no periods', [{ [`${v2}/cpu.stat`]: 'usage_usec 5\n' }], [null]],
    ['is the share of throttled periods (v2)', [stat(v2, 10, 5), stat(v2, 20, 8)], [null, 0.3]],
    ['is the share of throttled periods (v1)', [stat(v1, 10, 5), stat(v1, 20, 15)], [null, 1]],
    ['is 0 while nothing runs', [stat(v2, 10, 5), stat(v2, 10, 5)], [null, 0]],
    [
      'is that of the group that suffers most',
      [
        { ...nested, ...stat(`${v2}/pod`, 10, 0), ...stat(`${v2}/pod/app`, 10, 0) },
        { ...nested, ...stat(`${v2}/pod`, 20, 9), ...stat(`${v2}/pod/app`, 20, 1) },
      ],
      [null, 0.9],
    ],
  ])('%s', (_, states, expected) => {
    expect(looks(throttlingProbe, states)).toEqual(expected);
  });
});

describe('memory of the cgroup (S5)', () => {
  const v2 = (folder: string, max: string, current: number, inactive = 0) => ({
    [`/sys/fs/cgroup${folder}/memory.max`]: `${max}\n`,
    [`/sys/fs/cgroup${folder}/memory.current`]: `${current}\n`,
    [`/sys/fs/cgroup${folder}/memory.stat`]: `anon 1\ninactive_file ${inactive}\nactive_file 2\n`,
  });
  const v1 = (limit: string, usage: number) => ({
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': limit,
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': String(usage),
    '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 100\n',
  });

  it.each<[string, Files, { limit: number; used: number } | null]>([
    ['is not there', {}, null],
    ['has no limit (v2)', v2('', 'max', 500), null],
    ['has no limit (v1)', v1('9223372036854771712', 500), null],
    ['is limit and working set (v2)', v2('', '1000', 500, 200), { limit: 1_000, used: 300 }],
    ['is limit and working set (v1)', v1('1000', 500), { limit: 1_000, used: 400 }],
    [
      'without statistics is limit and use',
      { ...v2('', '1000', 500), '/sys/fs/cgroup/memory.stat': undefined },
      { limit: 1_000, used: 500 },
    ],
    ['is never less than nothing', v2('', '1000', 500, 600), { limit: 1_000, used: 0 }],
    [
      'is that of the group with the least left',
      { '/proc/self/cgroup': '0::/pod/app\n', ...v2('/pod', '5000', 4_900), ...v2('/pod/app', '1000', 300) },
      { limit: 5_000, used: 4_900 },
    ],
  ])('%s', (_, files, expected) => {
    expect(memoryProbe(filesOf(files))(0)).toEqual(expected);
  });
});

describe('process CPU (S5)', () => {
  it('is the cores that the process keeps busy', () => {
    const usage = { user: 0, system: 0 };
    const probe = cpuProbe(() => ({ ...usage }));
    expect(probe(0)).toBeNull();
    Object.assign(usage, { user: 1_200_000, system: 300_000 });
    expect(probe(1_000)).toBe(1.5);
    expect(probe(1_000)).toBeNull();
  });

  it('is told by this machine', () => {
    const probe = cpuProbe();
    probe(0);
    expect(probe(1_000)).toBeGreaterThanOrEqual(0);
  });
});

describe('the main event loop (S5)', () => {
  it('is how busy it was since the last look', async () => {
    const probe = mainLoopProbe();
    expect(probe(0)).toBeNull();
    await new Promise((resolve) => setImmediate(resolve));
    const utilization = probe(1_000)!;
    expect(utilization).toBeGreaterThanOrEqual(0);
    expect(utilization).toBeLessThanOrEqual(1);
  });
});

describe('the file system', () => {
  it('is not thrown about when a file or folder is missing', () => {
    expect(systemFiles.read('/no/such/file')).toBeNull();
    expect(systemFiles.list('/no/such/folder')).toBeNull();
    expect(systemFiles.list('.')).toContain('package.json');
    expect(systemFiles.read('package.json')).toContain('nestjs-dynamic-pool');
  });
});

describe.runIf(process.platform === 'linux')('on Linux', () => {
  it('the run-queue wait of this process is a finite number, where the kernel records it', () => {
    const probe = runQueueProbe(systemFiles);
    expect(probe(0)).toBeNull();
    const wait = probe(1_000);
    if (wait !== null) expect(wait).toBeGreaterThanOrEqual(0);
  });
});
