import { FairQueue, type TenantNode } from './fair-queue.js';
import { FifoQueue } from './fifo-queue.js';
import { PriorityQueue, type PrioritisedNode } from './priority-queue.js';
import type { TaskQueue } from './task-queue.js';

/** The orders in which tasks may wait. */
export const QUEUE_ORDERS = ['fifo', 'priority', 'fair'] as const;

export type QueueOrder = (typeof QUEUE_ORDERS)[number];

/** A queue of this order; `weights` by tenant are for `fair`. */
export function createQueue<T extends PrioritisedNode<T> & TenantNode<T>>(
  order: QueueOrder,
  weights: Readonly<Record<string, number>>,
): TaskQueue<T> {
  if (order === 'priority') return new PriorityQueue<T>();
  return order === 'fair' ? new FairQueue<T>(weights) : new FifoQueue<T>();
}
