import { percentile } from '../figures.js';
import { contenders } from './contenders/registry.js';
import type { Job, SliceReport, SliceRequest } from './protocol.js';
import { runSlice } from './slice.js';
import { workloads } from './workloads.js';

/** The share of a slice that runs first and does not count: caches, and what a pool learns of its tasks. */
const RUN_UP = 0.1;

// The threads would keep the process alive without its parent.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();

const job = JSON.parse(process.argv[2]!) as Job;
const contender = await contenders[job.contender](job.threads);
process.on('message', async (request: SliceRequest) => process.send!(await serve(request)));
for (const workload of job.workloads) await serve({ workload, ms: job.warmUpMs, timed: false });
process.send!('warm');

async function serve({ workload: name, ms, timed }: SliceRequest): Promise<SliceReport> {
  const workload = workloads[name];
  const call = contender.task(workload.task);
  await runSlice(call, workload, ms * RUN_UP);
  const { rate, latencies } = await runSlice(call, workload, ms, timed);
  const latency = (share: number) => (timed ? percentile(latencies, share) : 0);
  return { rate, p50us: latency(0.5), p99us: latency(0.99) };
}
