import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../lib/core/clock.js';
import { allocatedBytes } from '../heap.js';
import type { Work } from '../micro.js';
import { median } from '../statistics.js';
import { compare, type Case, type Figure } from './case.js';

const TIMES = 20_000;
/** Few enough for the young generation. */
const ALLOCATIONS = 2_000;
const LATER_MS = 10_000;

const newTimer: Work = (times) => {
  let count = 0;
  for (let i = 0; i < times; i++) clearTimeout(setTimeout(() => count++, LATER_MS));
  return count;
};
const clockTimer: Work = (times) => {
  let count = 0;
  for (let i = 0; i < times; i++) systemClock.schedule(LATER_MS, () => count++).cancel();
  return count;
};
const oneTimer: Work = (times) => {
  let count = 0;
  const timer = setTimeout(() => count++, LATER_MS);
  for (let i = 0; i < times; i++) timer.refresh();
  clearTimeout(timer);
  return count;
};

export const tickers: Case = {
  id: 'O1',
  about: 'a timer for each tick, or one that is armed again',
  async measure(rounds) {
    // As in any server, some other timer is there: else the loop would be kept alive and let go each time.
    const another = setTimeout(() => undefined, LATER_MS);
    const works = { 'a new timer, cancelled': newTimer, 'one timer, armed again': oneTimer };
    const times = compare(rounds, TIMES, { ...works, "the pool's clock: a new timer, cancelled": clockTimer });
    const bytes: Figure[] = [];
    for (const [how, work] of Object.entries(works)) {
      bytes.push({ how: `${how}: garbage`, value: await allocatedBytes(work, ALLOCATIONS), unit: 'bytes' });
    }
    clearTimeout(another);
    return [...times, ...bytes];
  },
};

const PERIOD_MS = 5;
const WATCHED_MS = 500;
const COMPONENTS = 100;

export const redundantTickers: Case = {
  id: 'O9',
  about: `CPU time of ${COMPONENTS} periodic jobs, for each time that all of them run`,
  async measure(rounds) {
    const ways = {
      'an interval each, ten different periods': () => intervals((i) => PERIOD_MS + (i % 10)),
      'an interval each, one period': () => intervals(() => PERIOD_MS),
      'one interval for all': () => [setInterval(() => jobs.forEach((job) => job()), PERIOD_MS)],
    };
    const costs = Object.entries(ways).map(([how, start]) => ({ how, start, us: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      for (const { start, us } of costs) us.push(await cpuOfOneRun(start));
    }
    return costs.map(({ how, us }) => ({ how, value: median(us), unit: 'us' as const }));
  },
};

let runs = 0;
const jobs = Array.from({ length: COMPONENTS }, () => () => void runs++);

function intervals(period: (index: number) => number): NodeJS.Timeout[] {
  return jobs.map((job, index) => setInterval(job, period(index)));
}

async function cpuOfOneRun(start: () => NodeJS.Timeout[]): Promise<number> {
  const timers = start();
  runs = 0;
  const before = process.cpuUsage();
  await sleep(WATCHED_MS);
  const { user, system } = process.cpuUsage(before);
  for (const timer of timers) clearInterval(timer);
  return (user + system) / (runs / COMPONENTS);
}
