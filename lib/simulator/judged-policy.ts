import { PRESETS, type Preset } from '../core/scaling/presets.js';
import { ANCHORS, type AnchorName } from './anchors/anchors.js';
import { bestStatic } from './oracle/best-static.js';
import { simulate } from './simulate.js';
import type { SimulationResult } from './simulation-result.js';
import type { Workload } from './workload.js';

/** A policy that is compared with others. */
export interface JudgedPolicy {
  readonly name: string;
  /** Runs a workload with a pool of 1 to 64 workers, 2 of them to begin with, each of which starts in 150 ms. */
  run(workload: Workload, seed: number): SimulationResult;
}

/** As many tasks as 64 workers of 50 ms clear within 100 ms: `course` goes by how full the queue is, so that it needs one. */
const COURSE_QUEUE = 128;

/** One of our own. */
export function presetPolicy(preset: Preset): JudgedPolicy {
  const queue = preset === 'course' ? { queueCapacity: COURSE_QUEUE } : {};
  return { name: preset, run: (workload, seed) => simulate(workload, { scaling: { policy: preset }, seed, ...queue }) };
}

/** One of others. */
export function anchorPolicy(name: AnchorName): JudgedPolicy {
  const { tickMs, decider } = ANCHORS[name];
  return { name, run: (workload, seed) => simulate(workload, { decider: decider(), scaling: { tickMs }, seed }) };
}

/** The least constant size with no more than 1 % of misses, found with knowledge of the load: what planning could reach. */
export const bestStaticPolicy: JudgedPolicy = {
  name: 'best-static',
  run: (workload) => simulate(workload, { size: bestStatic(workload) }),
};

/** All presets, all anchors, and the best constant size. */
export const JUDGED_POLICIES: readonly JudgedPolicy[] = [
  ...(Object.keys(PRESETS) as Preset[]).map(presetPolicy),
  ...(Object.keys(ANCHORS) as AnchorName[]).map(anchorPolicy),
  bestStaticPolicy,
];
