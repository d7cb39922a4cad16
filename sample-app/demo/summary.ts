import { availableParallelism } from 'node:os';
import type { Quantiles } from './messages.js';
import type { RunFigures } from './run.js';
import { median, medianQuantiles } from './statistics.js';

const GOAL = { loopDelayRatio: 10, throughputRatio: 1 };

/** Medians over the rounds. Milliseconds, and thumbnails per second. */
export interface SideFigures {
  readonly throughput: number;
  readonly thumbnailLatency: Quantiles;
  readonly pingLatency: Quantiles;
  readonly loopDelay: Quantiles;
  readonly responses: number;
}

export interface Summary {
  readonly node: string;
  readonly cores: number;
  readonly pooled: SideFigures;
  readonly unpooled: SideFigures;
  /** How many times lower p99 of the event-loop delay is, and how many times higher the throughput, when pooled. */
  readonly ratios: { readonly loopDelayP99: number; readonly throughput: number };
}

export function summarize(runs: readonly RunFigures[]): Summary {
  const pooled = side(runs.filter((run) => run.pooled));
  const unpooled = side(runs.filter((run) => !run.pooled));
  return {
    node: process.version,
    cores: availableParallelism(),
    pooled,
    unpooled,
    ratios: {
      // A microsecond is the least delay that means anything, and keeps the ratio finite.
      loopDelayP99: unpooled.loopDelay.p99 / Math.max(pooled.loopDelay.p99, 0.001),
      throughput: pooled.throughput / unpooled.throughput,
    },
  };
}

function side(runs: readonly RunFigures[]): SideFigures {
  return {
    throughput: median(runs.map((run) => run.throughput)),
    thumbnailLatency: medianQuantiles(runs.map((run) => run.thumbnailLatency)),
    pingLatency: medianQuantiles(runs.map((run) => run.pingLatency)),
    loopDelay: medianQuantiles(runs.map((run) => run.loopDelay)),
    responses: runs.reduce((sum, run) => sum + run.thumbnails + 2 * run.reports + run.pings, 0),
  };
}

export function describe(summary: Summary): string {
  const { pooled, unpooled, ratios } = summary;
  const row = (label: string, left: string, right: string) =>
    `${label.padEnd(30)}${left.padStart(12)}${right.padStart(12)}`;
  const times = (label: string, read: (figures: SideFigures) => Quantiles) =>
    (['p50', 'p99', 'max'] as const).map((q) =>
      row(`${label} ${q}, ms`, read(pooled)[q].toFixed(1), read(unpooled)[q].toFixed(1)),
    );
  const goal = (met: boolean) => (met ? 'met' : 'NOT met');
  return [
    `Node.js ${summary.node}, ${summary.cores} cores; medians of the rounds`,
    '',
    row('', 'pooled', 'unpooled'),
    row('thumbnails per second', pooled.throughput.toFixed(1), unpooled.throughput.toFixed(1)),
    ...times('thumbnail', (figures) => figures.thumbnailLatency),
    ...times('GET /health', (figures) => figures.pingLatency),
    ...times('event-loop delay', (figures) => figures.loopDelay),
    row('responses checked', String(pooled.responses), String(unpooled.responses)),
    '',
    `Event-loop delay p99: ${ratios.loopDelayP99.toFixed(1)} times lower pooled ` +
      `(goal: at least ${GOAL.loopDelayRatio}, ${goal(ratios.loopDelayP99 >= GOAL.loopDelayRatio)}).`,
    `Throughput: ${ratios.throughput.toFixed(2)} times as high pooled ` +
      `(goal: no lower, ${goal(ratios.throughput >= GOAL.throughputRatio)}).`,
  ].join('\n');
}
