import type { Decider } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { stay, told } from '../wording.js';
import { EndedMeter } from './ended-meter.js';
import { HillClimb } from './hill-climb.js';

/**
 * Searches for the size beyond which throughput no longer rises. It learns only while every worker is busy, and stays
 * where it is otherwise: alone it never shrinks an idle pool. Meant as the limit of a `ceiling`, for async pools whose
 * downstream says with its throughput how much it can take. Built after the .NET thread pool's.
 */
export interface HillClimbingSpec {
  readonly type: 'hill-climbing';
  /** Least length of a sample. Default 500. */
  readonly sampleMs?: number;
  /** The relative rise in throughput that a relative rise in size has to bring, 0 to 1. Default 0.15, as in .NET. */
  readonly bias?: number;
  /** The most workers that the size swings by. Default 20, as in .NET. */
  readonly maxWave?: number;
  /** The most workers that it moves by in a second. Default 4, as in .NET. */
  readonly maxPerSecond?: number;
}

export function hillClimbing(read: SpecReader): Decider {
  read.only(['sampleMs', 'bias', 'maxWave', 'maxPerSecond']);
  const sampleMs = read.ticksMs('sampleMs', Math.max(500, read.tickMs));
  const climb = new HillClimb({
    bias: read.number('bias', { from: 0, below: 1 }, 0.15),
    maxWave: read.workers('maxWave', 20),
    maxPerSecond: read.number('maxPerSecond', { above: 0 }, 4),
  });
  const meter = new EndedMeter();
  let sampledAt: number | null = null;
  let limit: number | null = null;
  return {
    decide(input) {
      const { snapshot, now } = input;
      limit ??= snapshot.target;
      const { busy, live, queueDepth, target, min, max } = snapshot;
      if (sampledAt !== null && now - sampledAt < sampleMs) {
        return { target: limit, why: `it tries ${limit} workers until the sample ends` };
      }
      const ended = meter.take(snapshot);
      const seconds = sampledAt === null ? 0 : (now - sampledAt) / 1_000;
      sampledAt = now;
      if (ended === null) return stay(input, 'it has not yet seen tasks end');
      if (busy < live && queueDepth === 0) {
        climb.interrupt();
        return { target: limit, why: 'workers are idle, so that throughput says nothing of the size' };
      }
      limit = climb.update(target, seconds, ended.count, min, max);
      return { target: limit, why: `${told(ended.count / seconds)} tasks a second ended with ${target} workers` };
    },
  };
}
