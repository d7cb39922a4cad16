import type { Forecast } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { wholeWorkers } from '../whole-workers.js';
import { DemandMeter, type Demand } from './demand-meter.js';

/**
 * Extends the demand of the last while by a straight line (least squares). It sees a ramp coming and nothing else; a
 * falling line predicts less, which changes nothing, since the higher of it and the decider counts. D9; S4 Q23.
 */
export interface LinearSpec {
  readonly type: 'linear';
  /** How much of the past the line goes through. Default 60,000; at least 30 ticks. */
  readonly windowMs?: number;
  /** How far ahead. Default 10,000: what a worker takes to boot, and a few ticks. */
  readonly horizonMs?: number;
  /** Share of the predicted workers that shall be busy. Default 0.7 (S4 Q31). */
  readonly utilization?: number;
}

/** Samples in the window: enough to average out the noise of arrivals. */
const SAMPLES = 30;
/** Fewer make no line. */
const LEAST_SAMPLES = 10;

export function linear(read: SpecReader): Forecast {
  read.only(['windowMs', 'horizonMs', 'utilization']);
  const windowMs = read.durationMs('windowMs', Math.max(60_000, SAMPLES * read.tickMs));
  if (windowMs < SAMPLES * read.tickMs) {
    throw read.refusal('windowMs', `at least ${SAMPLES} ticks, ${SAMPLES * read.tickMs} ms`);
  }
  const horizonMs = read.durationMs('horizonMs', 10_000);
  const utilization = read.number('utilization', { above: 0, to: 1 }, 0.7);
  const bucketMs = windowMs / SAMPLES;
  const meter = new DemandMeter(bucketMs);
  const samples: Demand[] = [];
  let line: { readonly slope: number; readonly value: number } | null = null;
  return {
    observe(reading, now) {
      const sample = meter.observe(reading, now);
      if (sample === null) return;
      samples.push(sample);
      while (sample.bucket - samples[0]!.bucket >= SAMPLES) samples.shift();
      line = samples.length < LEAST_SAMPLES ? null : fit(samples);
    },
    predict(now) {
      const last = samples.at(-1);
      if (line === null || last === undefined) return null;
      const ahead = (now + horizonMs) / bucketMs - (last.bucket + 0.5);
      return wholeWorkers((line.value + line.slope * ahead) / utilization);
    },
  };
}

/** The line of least squares, as its value in the middle of the last bucket and its slope per bucket. */
function fit(samples: readonly Demand[]): { slope: number; value: number } {
  const last = samples.at(-1)!.bucket;
  let [x, y, xx, xy] = [0, 0, 0, 0];
  for (const { bucket, workers } of samples) {
    const age = bucket - last;
    x += age;
    y += workers;
    xx += age * age;
    xy += age * workers;
  }
  const n = samples.length;
  const slope = (n * xy - x * y) / (n * xx - x * x);
  return { slope, value: (y - slope * x) / n };
}
