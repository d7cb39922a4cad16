import type { ContenderName } from './contenders/registry.js';
import type { WorkloadName } from './workloads.js';

/** One contender under one workload; `name` is its column. */
export interface Entrant {
  readonly name: string;
  readonly contender: ContenderName;
  readonly workload: WorkloadName;
}

export interface RowPlan {
  readonly workload: string;
  /** `rate`: tasks per second, more is better. `p50`: median latency, less is better. */
  readonly figure: 'rate' | 'p50';
  readonly ours: Entrant;
  readonly peers: readonly Entrant[];
  /** What messages alone allow. */
  readonly limit: Entrant;
}

const peers = [
  'piscina',
  'piscina-8',
  'piscina-64',
  'tinypool',
  'tinypool-8',
  'tinypool-64',
  'workerpool',
  'poolifier',
  'poolifier-queue',
] as const satisfies readonly ContenderName[];

const parked: RowPlan = {
  ...againstPeers('sequential round trip', 'ours parked'),
  workload: 'sequential round trip, parked',
  figure: 'p50',
};

export const rows: readonly RowPlan[] = [
  againstPeers('no-op, window 64'),
  againstPeers('async no-op, window 64'),
  againstPeers('burst of 10k no-ops'),
  againstPeers('64 KiB transfer there and back, window 8'),
  againstPeers('1 KiB object echo, window 16'),
  againstPeers('1 KiB object echo, window 64'),
  againstPeers('50 us spin, window 4'),
  againstPeers('50 us spin, window 64'),
  againstPeers('1 ms spin, window 64'),
  { ...againstPeers('sequential round trip'), figure: 'p50' },
  parked,
  {
    workload: 'through @PooledTask, window 64',
    figure: 'rate',
    ours: { name: '@PooledTask', contender: 'ours in Nest', workload: 'through @PooledTask, window 64' },
    peers: [{ name: 'pool.run', contender: 'ours in Nest', workload: 'async no-op, window 64' }],
    limit: { name: 'raw', contender: 'raw', workload: 'async no-op, window 64' },
  },
];

function againstPeers(workload: WorkloadName, ours: ContenderName = 'ours'): RowPlan {
  const entrant = (contender: ContenderName): Entrant => ({ name: contender, contender, workload });
  return { workload, figure: 'rate', ours: entrant(ours), peers: peers.map(entrant), limit: entrant('raw') };
}
