import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { timeWorks, type Work } from '../micro.js';
import { median } from '../statistics.js';
import { compare, type Case, type Figure } from './case.js';

const TIMES = 1_000_000;
const SLICE = 10_000;
const SLICES_PER_ROUND = 200;
const LONGEST_WAIT_MS = 5_000;
/** Words of 4 bytes that lie on cache lines of their own. */
const [STOP, OURS, SAME_WORD, OTHER_LINE, LOCK] = [0, 32, 32, 64, 96];

const words = new Int32Array(new SharedArrayBuffer(512));

const plain: Work = (times) => {
  const counters = { count: 0 };
  for (let i = 0; i < times; i++) if (words[STOP] === 0) counters.count++;
  return counters.count;
};
const atomic: Work = (times) => {
  for (let i = 0; i < times; i++) Atomics.add(words, OURS, 1);
  return words[OURS]!;
};

export const atomicCounters: Case = {
  id: 'O6',
  about: 'a counter that one thread owns, plain or atomic',
  measure: (rounds) => compare(rounds, TIMES, { 'Atomics.add in shared memory': atomic, 'a plain number': plain }),
};

export const sharding: Case = {
  id: 'O13',
  about: 'one counter for two threads, one for each, or none shared',
  async measure(rounds) {
    const contended = await besideRival(SAME_WORD, rounds);
    const sharded = await besideRival(OTHER_LINE, rounds);
    const { alone } = timeWorks({ alone: plain }, rounds, TIMES);
    return [
      { how: 'shared with a thread that adds too', value: contended, unit: 'ns' },
      { how: 'shared memory, a cache line for each thread', value: sharded, unit: 'ns' },
      { how: 'a plain number: no other thread records', value: alone, unit: 'ns' },
    ] satisfies Figure[];
  },
};

/** Median over slices in which both threads ran all the time; on a busy machine they are to be waited for. */
async function besideRival(word: number, rounds: number): Promise<number> {
  Atomics.store(words, STOP, 0);
  const rival = new Worker(new URL('./rival.js', import.meta.url), { workerData: { words, word } });
  await once(rival, 'message');
  const contended: number[] = [];
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (let i = 0; contended.length < SLICES_PER_ROUND * rounds && performance.now() < deadline; i++) {
    const before = Atomics.load(words, word);
    const begun = performance.now();
    atomic(SLICE);
    const ns = ((performance.now() - begun) * 1e6) / SLICE;
    const adds = (Atomics.load(words, word) - before) | 0;
    const rivalAdds = word === OURS ? adds - SLICE : adds;
    if (i >= SLICES_PER_ROUND && rivalAdds > SLICE / 2 && rivalAdds < SLICE * 2) contended.push(ns);
  }
  Atomics.store(words, STOP, 1);
  await once(rival, 'exit');
  return median(contended);
}

interface Policy {
  readonly up: number;
  readonly down: number;
}

export const swappedConfiguration: Case = {
  id: 'O15',
  about: 'reading what another may replace',
  measure(rounds) {
    return compare(rounds, TIMES, {
      'under a lock in shared memory': (times) => {
        let [policy, sum] = [policyOf(0), 0];
        for (let i = 0; i < times; i++) {
          if (isReplacedAt(i)) policy = policyOf(i);
          while (Atomics.compareExchange(words, LOCK, 0, 1) !== 0);
          sum += policy.up;
          Atomics.store(words, LOCK, 0);
        }
        return sum;
      },
      'a copy for each reader': (times) => {
        let [policy, sum] = [policyOf(0), 0];
        for (let i = 0; i < times; i++) {
          if (isReplacedAt(i)) policy = policyOf(i);
          const copy = { ...policy };
          sum += copy.up;
        }
        return sum;
      },
      'one reference to a frozen object': (times) => {
        let [policy, sum] = [policyOf(0), 0];
        for (let i = 0; i < times; i++) {
          if (isReplacedAt(i)) policy = policyOf(i);
          sum += policy.up;
        }
        return sum;
      },
    });
  },
};

function policyOf(i: number): Policy {
  return Object.freeze({ up: 0.8 + i, down: 0.3 });
}

/** Now and then. */
function isReplacedAt(i: number): boolean {
  return (i & 0xffff) === 0xffff;
}
