import { availableParallelism } from 'node:os';
import { FairQueue } from '../../lib/core/queue/fair-queue.js';
import { FifoQueue } from '../../lib/core/queue/fifo-queue.js';
import { usableCores } from '../../lib/core/usable-cores.js';
import { PlainItem } from '../queue/items.js';
import { compare, type Case } from './case.js';

const CALLS = 1_000;
const READS = 1_000_000;

export const cores: Case = {
  id: 'O2',
  about: 'the number of cores, asked for or kept',
  measure(rounds) {
    const kept = { cores: usableCores() };
    return [
      ...compare(rounds, CALLS, {
        'usableCores(), with the cgroup files': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += usableCores();
          return sum;
        },
        'os.availableParallelism()': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += availableParallelism();
          return sum;
        },
      }),
      ...compare(rounds, READS, {
        'a number that was kept': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += kept.cores ^ i;
          return sum;
        },
      }),
    ];
  },
};

const TENANTS = 1_000;

export const mapIteration: Case = {
  id: 'O7',
  about: `a total over ${TENANTS.toLocaleString('en')} tenants, and who of them has waited longest`,
  measure(rounds) {
    const names = Array.from({ length: TENANTS }, (_, i) => `tenant ${i}`);
    const byName = new Map(names.map((name, i) => [name, i]));
    const dense = Int32Array.from(byName.values());
    const fair = new FairQueue<PlainItem>();
    const lanes = new Map<string, FifoQueue<PlainItem>>();
    for (const [id, name] of names.entries()) {
      fair.push(new PlainItem(id, 0, name));
      const lane = new FifoQueue<PlainItem>();
      lane.push(new PlainItem(id, 0, name));
      lanes.set(name, lane);
    }
    return [
      ...compare(rounds, CALLS, {
        'total: over the map': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) for (const value of byName.values()) sum += value;
          return sum;
        },
        'total: over a dense array': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) for (let j = 0; j < TENANTS; j++) sum += dense[j]!;
          return sum;
        },
        'oldest: over the map': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += oldestOf(lanes);
          return sum;
        },
      }),
      ...compare(rounds, READS, {
        'total: kept (the size of the fair queue)': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += fair.size ^ i;
          return sum;
        },
        'oldest: kept (oldest() of the fair queue)': (times) => {
          let sum = 0;
          for (let i = 0; i < times; i++) sum += fair.oldest()!.id ^ i;
          return sum;
        },
      }),
    ];
  },
};

function oldestOf(lanes: ReadonlyMap<string, FifoQueue<PlainItem>>): number {
  let oldest = Infinity;
  for (const lane of lanes.values()) oldest = Math.min(oldest, lane.peek()!.id);
  return oldest;
}
