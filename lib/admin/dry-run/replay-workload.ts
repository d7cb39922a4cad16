import { normals, seededRandom } from '../../simulator/random.js';
import { workloadOf, type Workload } from '../../simulator/workload.js';
import type { ReplayedSample } from './dry-run-job.js';

/** The same recording gives the same workload. */
const SEED = 1;

/**
 * Tasks as they may have come: in each sample as many as were recorded, at random instants of it (as a Poisson process
 * spreads a known number); lognormal service times with the mean and the squared coefficient of variation of the tasks that
 * ended in it, or before it where none did; and the recorded share of failures.
 */
export function replayWorkload(samples: readonly ReplayedSample[]): Workload {
  const tasks = samples.reduce((total, { arrived }) => total + arrived, 0);
  const arrivals = new Float64Array(tasks);
  const services = new Float64Array(tasks);
  const failures = new Uint8Array(tasks);
  const uniform = seededRandom(SEED);
  const normal = normals(seededRandom(SEED, 1));
  const failing = seededRandom(SEED, 2);
  let service = firstService(samples);
  let start = 0;
  let task = 0;
  for (const sample of samples) {
    service = serviceOf(sample) ?? service;
    const failed = sample.finished > 0 ? sample.failed / sample.finished : 0;
    const end = task + sample.arrived;
    for (let next = task; next < end; next++) {
      arrivals[next] = start + uniform() * sample.spanMs;
      services[next] = lognormal(service, normal());
      failures[next] = failing() < failed ? 1 : 0;
    }
    arrivals.subarray(task, end).sort();
    task = end;
    start += sample.spanMs;
  }
  return workloadOf(arrivals, services, { name: 'recorded', durationMs: start, failures });
}

interface Service {
  /** Milliseconds. */
  readonly mean: number;
  /** Squared coefficient of variation: variance over the square of the mean. */
  readonly scv: number;
}

/** `null` where no task ended. */
function serviceOf({ served, serviceMs, serviceMsSquared }: ReplayedSample): Service | null {
  if (!(served > 0)) return null;
  const mean = serviceMs / served;
  if (!(mean > 0)) return { mean: 0, scv: 0 };
  return { mean, scv: Math.max(0, serviceMsSquared / served / (mean * mean) - 1) };
}

/** Of the first tasks that ended; tasks of which none ended take a millisecond. */
function firstService(samples: readonly ReplayedSample[]): Service {
  for (const sample of samples) {
    const service = serviceOf(sample);
    if (service) return service;
  }
  return { mean: 1, scv: 0 };
}

/** Its logarithm is normal with the variance s2 = ln(1 + scv), and the mean ln(mean) - s2 / 2. */
function lognormal({ mean, scv }: Service, normal: number): number {
  if (mean === 0) return 0;
  const variance = Math.log1p(scv);
  return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal);
}
