import { median } from '../statistics.js';
import { DeepQueue, OPERATIONS, type Operation, type QueueKind } from './deep-queue.js';
import { PlainItem } from './items.js';

const BATCH = 250;
const BATCHES_PER_ROUND = 40;
const WARM_UP_ROUNDS = 2;

/**
 * Nanoseconds of each operation at each depth; the depths take turns in each round. The median is over batches, so
 * that what interrupts one of them does not count.
 */
export function timeOperations(
  kind: QueueKind,
  depths: readonly number[],
  rounds: number,
): readonly Record<Operation, number>[] {
  const timed = depths.map((depth) => new TimedQueue(new DeepQueue(kind, depth, PlainItem)));
  for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const queue of timed) queue.round();
  for (const queue of timed) queue.forget();
  for (let round = 0; round < rounds; round++) for (const queue of timed) queue.round();
  return timed.map((queue) => queue.medians());
}

class TimedQueue {
  #batches: { readonly operation: Operation; readonly ns: number }[] = [];

  constructor(readonly queue: DeepQueue) {}

  round(): void {
    let begun = 0;
    const begin = () => void (begun = performance.now());
    const end = (operation: Operation) => {
      this.#batches.push({ operation, ns: ((performance.now() - begun) * 1e6) / BATCH });
    };
    for (let i = 0; i < BATCHES_PER_ROUND; i++) this.queue.exercise(BATCH, begin, end);
  }

  forget(): void {
    this.#batches = [];
  }

  medians(): Record<Operation, number> {
    const of = (operation: Operation) => this.#batches.filter((batch) => batch.operation === operation);
    return Object.fromEntries(
      OPERATIONS.map((operation) => [operation, median(of(operation).map(({ ns }) => ns))]),
    ) as Record<Operation, number>;
  }
}
