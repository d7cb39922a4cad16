import { cgroupsOf, type Cgroup } from '../../cgroup.js';
import type { FileReader } from '../../files.js';
import { flatKeyed } from './flat-keyed.js';
import type { MemorySample, Probe } from './probe.js';

/** Version 1 has no word for "no limit" but a number close to 2^63; nothing real is above 2^60 bytes. */
const NO_LIMIT = 2 ** 60;

/**
 * Memory limit and use of the cgroup with the least room, of those this process is in; `null` without a limit. Use is
 * counted as Kubernetes does for eviction, as the working set: `memory.current - inactive_file`.
 */
export function memoryProbe(files: FileReader): Probe<MemorySample> {
  return () => {
    const samples = cgroupsOf('memory', files)
      .map((cgroup) => sampleOf(cgroup, files))
      .filter((sample) => sample !== null);
    if (samples.length === 0) return null;
    return samples.reduce((a, b) => (b.limit - b.used < a.limit - a.used ? b : a));
  };
}

function sampleOf({ version, folder }: Cgroup, files: FileReader): MemorySample | null {
  const [limitFile, usageFile, cacheKey] =
    version === 2
      ? ['memory.max', 'memory.current', 'inactive_file']
      : ['memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file'];
  const limit = bytes(files.read(`${folder}/${limitFile}`));
  const usage = bytes(files.read(`${folder}/${usageFile}`));
  if (limit === null || usage === null || limit >= NO_LIMIT) return null;
  const cache = flatKeyed(files.read(`${folder}/memory.stat`), cacheKey!) ?? 0;
  return { limit, used: Math.max(0, usage - cache) };
}

/** `max` is no number. */
function bytes(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number.parseInt(text, 10);
  return Number.isFinite(value) ? value : null;
}
