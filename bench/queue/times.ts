import { median } from '../statistics.js';
import { DeepQueue, OPERATIONS, type Operation, type QueueKind } from './deep-queue.js';
import { PlainItem } from './items.js';

const BATCH = 250;
const BATCHES_PER_ROUND = 40;
const WARM_UP_ROUNDS = 2;

/** Median nanoseconds of each operation at each depth; the depths take turns in each round. */
export function timeOperations(
  kind: QueueKind,
  depths: readonly number[],
  rounds: number,
): readonly Record<Operation, number>[] {
  const queues = depths.map((depth) => new DeepQueue(kind, depth, PlainItem));
  const times = depths.map(
    () => Object.fromEntries(OPERATIONS.map((operation) => [operation, []])) as unknown as Record<Operation, number[]>,
  );
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [index, queue] of queues.entries()) {
      for (const [operation, ns] of Object.entries(timeRound(queue))) {
        if (round >= 0) times[index]![operation as Operation].push(ns);
      }
    }
  }
  return times.map(
    (byOperation) =>
      Object.fromEntries(OPERATIONS.map((operation) => [operation, median(byOperation[operation])])) as Record<
        Operation,
        number
      >,
  );
}

function timeRound(queue: DeepQueue): Record<Operation, number> {
  const ms = Object.fromEntries(OPERATIONS.map((operation) => [operation, 0])) as Record<Operation, number>;
  let begun = 0;
  const begin = () => void (begun = performance.now());
  const end = (operation: Operation) => {
    ms[operation] += performance.now() - begun;
  };
  for (let i = 0; i < BATCHES_PER_ROUND; i++) queue.exercise(BATCH, begin, end);
  for (const operation of OPERATIONS) ms[operation] *= 1e6 / (BATCH * BATCHES_PER_ROUND);
  return ms;
}
