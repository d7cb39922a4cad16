import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

/** Bytes of heap in use once everything that can go is gone; typed arrays included. */
export async function settledHeap(): Promise<number> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  await setImmediate();
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that what `build` returns keeps. */
export async function retainedBytes(build: () => object): Promise<number> {
  const before = await settledHeap();
  const kept = build();
  const bytes = (await settledHeap()) - before;
  return Object.keys(kept).length < 0 ? 0 : bytes;
}

/** Bytes that doing something allocates each time, for the garbage collector to find; few enough that it does not yet. */
export async function allocatedBytes(work: (times: number) => number, times: number): Promise<number> {
  for (let i = 0; i < 10; i++) work(times);
  const before = await settledHeap();
  work(times);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.max(0, heapUsed + arrayBuffers - before) / times;
}
