import { availableParallelism } from 'node:os';
import { cgroupsOf, type Cgroup } from './cgroup.js';
import { systemFiles, type FileReader } from './files.js';
import { refusal, type Place } from './validate.js';

export interface UsableCpuOptions {
  /** Cores to go by, whatever the machine says; a fraction is taken as it is. */
  readonly override?: number | undefined;
  /** Cores that the scheduler lets this process run on. Default `os.availableParallelism()`. */
  readonly parallelism?: number | undefined;
  readonly files?: FileReader | undefined;
}

/** Whole cores that this process may use, rounded up, at least 1. See `usableCpu`. */
export function usableCores(options: UsableCpuOptions = {}): number {
  return Math.max(1, Math.ceil(usableCpu(options)));
}

/**
 * CPU that this process may use, in cores: the scheduler's affinity, cut by the tightest CPU quota of the cgroups it is
 * in (v2 `cpu.max`, v1 `cpu.cfs_quota_us`), which `os.availableParallelism()` does not always see. 1.5 is possible.
 */
export function usableCpu(options: UsableCpuOptions = {}): number {
  const { override, parallelism = availableParallelism(), files = systemFiles } = options;
  if (override !== undefined) return requireCores({ option: 'usable cores' }, override);
  const quotas = cgroupsOf('cpu', files).map((cgroup) => quotaOf(cgroup, files));
  return Math.min(parallelism, ...quotas.filter((quota) => quota !== null));
}

/** Some cores, a fraction included. */
export function requireCores(place: Place, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < Infinity) return value;
  throw refusal(place, value, 'a number above 0');
}

function quotaOf({ version, folder }: Cgroup, files: FileReader): number | null {
  if (version === 2) {
    // `max 100000` (no quota) or `150000 100000` (1.5 cores)
    const [quota, period] = (files.read(`${folder}/cpu.max`) ?? '').trim().split(/\s+/).map(Number);
    return share(quota, period);
  }
  const quota = files.read(`${folder}/cpu.cfs_quota_us`);
  const period = files.read(`${folder}/cpu.cfs_period_us`);
  return quota === null || period === null ? null : share(Number(quota), Number(period));
}

function share(quota: number | undefined, period: number | undefined): number | null {
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return null;
  return quota / period;
}
