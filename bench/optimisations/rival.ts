import { parentPort, workerData } from 'node:worker_threads';

/** Adds to one word of shared memory, over and over, until word 0 says that it is enough. */
const { words, word } = workerData as { words: Int32Array; word: number };
parentPort!.postMessage('running');
while (Atomics.load(words, 0) === 0) for (let i = 0; i < 1_000; i++) Atomics.add(words, word, 1);
