import { parentPort } from 'node:worker_threads';
import { items, type Kind } from './tasks.js';

/** One message for each item, and nothing that keeps it from running ahead. */
parentPort!.on('message', ({ kind, count }: { kind: Kind; count: number }) => {
  const make = items[kind];
  for (let i = 0; i < count; i++) parentPort!.postMessage(make(i));
  parentPort!.postMessage(null);
});
