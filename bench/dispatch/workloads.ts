import { isDeepStrictEqual } from 'node:util';
import type { TaskName } from './contenders/contender.js';
import { makeOrder } from './order.js';

/** One place in a window or burst: what it sends next, and whether the answer is the one to what it sent last. */
export interface Caller {
  readonly next: () => unknown;
  /** Throws unless it is. */
  readonly check: (answer: unknown) => void;
}

/** So many callers, each of which waits for its answer before it sends again. */
export interface WindowWorkload {
  readonly task: TaskName;
  readonly window: number;
  readonly caller: (place: number) => Caller;
}

/** So many calls at once; the next burst starts when all are answered. */
export interface BurstWorkload {
  readonly task: TaskName;
  readonly burst: number;
  readonly caller: (place: number) => Caller;
}

export type Workload = WindowWorkload | BurstWorkload;

const BUFFER_BYTES = 65_536;

/** One answer of so many is compared property by property. */
const THOROUGH_EVERY = 512;

export const workloads = {
  'no-op, window 64': window('noop', 64),
  'async no-op, window 64': window('asyncNoop', 64),
  'burst of 10k no-ops': { task: 'noop', burst: 10_000, caller: counting },
  '64 KiB transfer there and back, window 8': window('exchange', 8, exchanging),
  '1 KiB object echo, window 16': window('echo', 16, ordering),
  '1 KiB object echo, window 64': window('echo', 64, ordering),
  '50 us spin, window 4': window('spin50us', 4),
  '50 us spin, window 64': window('spin50us', 64),
  '1 ms spin, window 64': window('spin1ms', 64),
  'sequential round trip': window('noop', 1),
  'through @PooledTask, window 64': window('pooledNoop', 64),
} satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof workloads;

function window(task: TaskName, size: number, caller = counting): Workload {
  return { task, window: size, caller };
}

/** Sends numbers that no other caller sends meanwhile, and wants them back. */
function counting(place: number): Caller {
  let n = place << 14;
  return {
    next: () => ++n,
    check: (answer) => {
      if (answer !== n) throw new Error(`sent ${n}, got ${String(answer)}`);
    },
  };
}

/** Sends the buffer it got back: nobody allocates, and a copy where a move was asked for shows. */
function exchanging(): Caller {
  let buffer = new ArrayBuffer(BUFFER_BYTES);
  let mark = 0;
  return {
    next: () => buffer,
    check: (answer) => {
      if (buffer.byteLength !== 0) throw new Error('the buffer was copied to the worker, not moved');
      if (!(answer instanceof ArrayBuffer) || answer.byteLength !== BUFFER_BYTES) throw new Error('got no such buffer');
      if (new Int32Array(answer, 0, 1)[0] !== ++mark) throw new Error('got a buffer that no worker had');
      buffer = answer;
    },
  };
}

function ordering(): Caller {
  const order = makeOrder();
  return {
    next: () => {
      order.sequence += 1;
      return order;
    },
    check: (answer) => {
      const same = answer !== order && (answer as typeof order).sequence === order.sequence;
      if (same && (order.sequence % THOROUGH_EVERY !== 1 || isDeepStrictEqual(answer, order))) return;
      throw new Error(`sent order ${order.sequence}, got something else`);
    },
  };
}
