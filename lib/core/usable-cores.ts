import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Cores that this process may use: the scheduler's affinity, cut by a cgroup CPU quota (v2 `cpu.max`, v1
 * `cpu.cfs_quota_us`), which `os.availableParallelism()` does not always see. At least 1.
 */
export function usableCores(
  parallelism: number = availableParallelism(),
  read: (file: string) => string | null = readText,
): number {
  const quota = quotaV2(read('/sys/fs/cgroup/cpu.max')) ?? quotaV1(read);
  return Math.max(1, Math.min(parallelism, quota === null ? Infinity : Math.ceil(quota)));
}

/** `max 100000` (no quota) or `150000 100000` (1.5 cores). */
function quotaV2(text: string | null): number | null {
  if (text === null) return null;
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return share(quota, period);
}

function quotaV1(read: (file: string) => string | null): number | null {
  const quota = read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const period = read('/sys/fs/cgroup/cpu/cpu.cfs_period_us');
  return quota === null || period === null ? null : share(Number(quota), Number(period));
}

function share(quota: number | undefined, period: number | undefined): number | null {
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return null;
  return quota / period;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
