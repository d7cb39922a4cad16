import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from 'nestjs-dynamic-pool/core';

/** What a process of its own reports: CPU time of pools that have nothing to do. */
export interface CpuShare {
  readonly pools: number;
  /** Of one core, percent: while the code is cold, and then. */
  readonly warmingUpPct: number;
  readonly pct: number;
}

/** An async pool has nothing but its ticks. */
function open(index: number, scales: boolean) {
  const tasks = { noop: () => undefined };
  return createPool({
    name: `pool ${index}`,
    kind: 'async',
    tasks,
    size: { max: 8 },
    ...(!scales && { scaling: false }),
  });
}

/** Percent of one core over the next milliseconds. */
async function shareOver(ms: number): Promise<number> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await delay(ms);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (performance.now() - begun);
}

const [count = 0, scales = 0, warmUpMs = 0, measuredMs = 0] = process.argv.slice(2).map(Number);
const pools = Array.from({ length: count }, (_, index) => open(index, scales === 1));
await Promise.all(pools.map((pool) => pool.ready()));
const warmingUpPct = await shareOver(warmUpMs);
const pct = await shareOver(measuredMs);
process.stdout.write(JSON.stringify({ pools: count, warmingUpPct, pct } satisfies CpuShare));
await Promise.all(pools.map((pool) => pool.close({ force: true })));
