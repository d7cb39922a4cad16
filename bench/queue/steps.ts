import { DeepQueue, OPERATIONS, type Operation, type QueueKind } from './deep-queue.js';
import { CountedItem } from './items.js';

export interface Steps {
  /** Most steps that one operation took. */
  readonly most: number;
  readonly mean: number;
}

/** Counts the steps of each operation, one operation at a time, over `samples` of each. */
export function countSteps(kind: QueueKind, depth: number, samples = 200): Record<Operation, Steps> {
  const counted = Object.fromEntries(OPERATIONS.map((operation) => [operation, { most: 0, sum: 0 }]));
  const queue = new DeepQueue(kind, depth, CountedItem);
  const begin = () => void (CountedItem.steps = 0);
  const end = (operation: Operation) => {
    const tally = counted[operation]!;
    tally.most = Math.max(tally.most, CountedItem.steps);
    tally.sum += CountedItem.steps;
  };
  for (let i = 0; i < samples; i++) queue.exercise(1, begin, end);
  return Object.fromEntries(
    OPERATIONS.map((operation) => {
      const { most, sum } = counted[operation]!;
      return [operation, { most, mean: sum / samples }];
    }),
  ) as Record<Operation, Steps>;
}
