import { threadId, type MessagePort } from 'node:worker_threads';

export function where(): number {
  return threadId;
}

export function double(n: number): number {
  return 2 * n;
}

/** Fails as a synchronous task does, and as one that awaits. */
export function fail(message: string): never {
  throw new TypeError(message);
}

export async function failLater(message: string): Promise<never> {
  await null;
  throw new TypeError(message);
}

/** Throws where no promise of the task's sees it: the thread cannot go on. */
export async function squareUnlessSeven(n: number): Promise<number> {
  if (n !== 7) return n * n;
  setImmediate(() => {
    throw new Error('seven is bad');
  });
  return new Promise<never>(() => {});
}

/** Computes without a pause until it is cancelled; tells through the port that it has begun. */
export function computeUntilAborted(begun: MessagePort, signal: AbortSignal): never {
  begun.postMessage('begun');
  for (;;) signal.throwIfAborted();
}

/** Yields numbers. In shared memory, word 0 counts those that were asked for, and word 1 is 1 once it was left. */
export async function* source(memory: SharedArrayBuffer, count: number): AsyncGenerator<number> {
  const words = new Int32Array(memory);
  try {
    for (let n = 0; n < count; n++) {
      Atomics.add(words, 0, 1);
      yield n;
    }
  } finally {
    Atomics.store(words, 1, 1);
  }
}
