import { parentPort } from 'node:worker_threads';
import { JUDGED_POLICIES, presetPolicy } from '../../lib/simulator/judged-policy.js';
import { picture } from '../../lib/simulator/picture.js';
import { judge } from '../../lib/simulator/report.js';
import { judgedLoad } from './loads.js';
import type { Job, Judged } from './protocol.js';

parentPort!.on('message', (job: Job) => parentPort!.postMessage(done(job)));

function done({ source, seed, mean, draw }: Job): Judged {
  const load = judgedLoad(source, mean);
  return {
    rows: judge([load], JUDGED_POLICIES, { seeds: [seed] }),
    picture: draw ? drawn(load.workload(seed), seed) : null,
  };
}

function drawn(workload: Parameters<typeof picture>[0], seed: number): string {
  const result = presetPolicy('balanced').run(workload, seed);
  return picture(workload, result, { title: `${workload.name}, balanced` });
}
