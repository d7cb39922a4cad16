import type { DispatchResult, DispatchRow } from './result.js';

/** Two tables: how we did, and the rate or latency of each peer. */
export function printDispatch({ node, threads, rounds, rows }: DispatchResult): void {
  process.stdout.write(
    `Dispatch, Node ${node}, threads per pool: ${threads}, medians of ${rounds} interleaved rounds\n`,
  );
  console.table(table(rows, ours));
  process.stdout.write('Peers: tasks/s, or microseconds where the row says so\n');
  console.table(table(rows, ({ peers }) => peers));
}

function ours({ unit, ours, ratio, fastestPeer, limit, p50us, p99us }: DispatchRow): object {
  return { unit, ours, 'x fastest peer': ratio, 'fastest peer': fastestPeer, limit, 'p50 us': p50us, 'p99 us': p99us };
}

function table(rows: readonly DispatchRow[], columns: (row: DispatchRow) => object): Record<string, object> {
  return Object.fromEntries(rows.map((row) => [row.workload, columns(row)]));
}
