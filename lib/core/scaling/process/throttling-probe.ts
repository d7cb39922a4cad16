import { cgroupsOf } from '../../cgroup.js';
import type { FileReader } from '../../files.js';
import { flatKeyed } from './flat-keyed.js';
import type { Probe } from './probe.js';

/**
 * Part of the scheduling periods between two looks in which the quota ran out: `nr_throttled` over `nr_periods` of
 * `cpu.stat`, which version 1 and 2 name alike; the highest of the cgroups. 0 when no period passed, as when idle; `null`
 * where no cgroup has a quota.
 */
export function throttlingProbe(files: FileReader): Probe<number> {
  const before = new Map<string, { readonly periods: number; readonly throttled: number }>();
  return () => {
    let highest: number | null = null;
    for (const { folder } of cgroupsOf('cpu', files)) {
      const text = files.read(`${folder}/cpu.stat`);
      const [periods, throttled] = [flatKeyed(text, 'nr_periods'), flatKeyed(text, 'nr_throttled')];
      // A group that never had a quota has counted no period.
      if (periods === null || throttled === null || periods === 0) continue;
      const last = before.get(folder);
      before.set(folder, { periods, throttled });
      if (last === undefined) continue;
      const passed = periods - last.periods;
      highest = Math.max(highest ?? 0, passed > 0 ? (throttled - last.throttled) / passed : 0);
    }
    return highest;
  };
}
