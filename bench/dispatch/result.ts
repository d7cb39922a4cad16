import { median, round } from '../figures.js';
import type { RowPlan } from './rows.js';

/** What one round gave for one row: tasks per second, or the median latency in microseconds, as the row has it. */
export interface Round {
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly limit: number;
  /** Latency of our own calls, microseconds. */
  readonly p50us: number;
  readonly p99us: number;
}

/** Medians over the rounds. */
export interface DispatchRow extends Round {
  readonly workload: string;
  readonly unit: 'tasks/s' | 'us';
  readonly fastestPeer: string;
  /** How many times as fast as the fastest peer: the median, over the rounds, of the ratios within a round. */
  readonly ratio: number;
}

export interface DispatchResult {
  readonly node: string;
  readonly threads: number;
  readonly rounds: number;
  readonly rows: readonly DispatchRow[];
}

export function assembleRow({ workload, figure, peers: planned }: RowPlan, rounds: readonly Round[]): DispatchRow {
  const rate = figure === 'rate';
  const digits = rate ? 0 : 1;
  const over = (pick: (round: Round) => number) => median(rounds.map(pick));
  const peers = Object.fromEntries(
    planned.map(({ name }) => [
      name,
      round(
        over(({ peers }) => peers[name]!),
        digits,
      ),
    ]),
  );
  const [fastestPeer] = Object.entries(peers).reduce((best, peer) => (peer[1] > best[1] === rate ? peer : best));
  return {
    workload,
    unit: rate ? 'tasks/s' : 'us',
    ours: round(
      over(({ ours }) => ours),
      digits,
    ),
    peers,
    fastestPeer,
    ratio: round(
      over(({ ours, peers }) => (rate ? ours / peers[fastestPeer]! : peers[fastestPeer]! / ours)),
      2,
    ),
    limit: round(
      over(({ limit }) => limit),
      digits,
    ),
    p50us: round(
      over(({ p50us }) => p50us),
      1,
    ),
    p99us: round(
      over(({ p99us }) => p99us),
      1,
    ),
  };
}
