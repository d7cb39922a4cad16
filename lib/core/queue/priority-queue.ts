import { FifoQueue } from './fifo-queue.js';
import type { QueueNode, TaskQueue } from './task-queue.js';

/** Levels of priority: 0 to 15, 15 first. */
export const PRIORITY_LEVELS = 16;

/** Of this many picks one goes to whatever has waited longest, whatever its level, so that nothing starves. */
const AGEING_EVERY = 8;

/** What a priority queue must know of an item. `id`s grow in the order of acceptance. */
export interface PrioritisedNode<T> extends QueueNode<T> {
  readonly id: number;
  readonly priority: number;
}

/**
 * Highest priority first, first in first out within a level, and every eighth pick for the oldest of all. A bit mask
 * tells the levels in use, so a pick takes the same few steps however many items wait.
 */
export class PriorityQueue<T extends PrioritisedNode<T>> implements TaskQueue<T> {
  readonly #levels = Array.from({ length: PRIORITY_LEVELS }, () => new FifoQueue<T>());
  #inUse = 0;
  #picks = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  peek(): T | null {
    return this.#next()?.peek() ?? null;
  }

  oldest(): T | null {
    return this.#oldestLevel()?.peek() ?? null;
  }

  push(item: T): void {
    this.#levels[item.priority]!.push(item);
    this.#added(item.priority);
  }

  unshift(item: T): void {
    this.#levels[item.priority]!.unshift(item);
    this.#added(item.priority);
    this.#picks--;
  }

  shift(): T | null {
    const item = this.peek();
    if (!item) return null;
    this.#picks++;
    this.remove(item);
    return item;
  }

  remove(item: T): void {
    const level = this.#levels[item.priority]!;
    level.remove(item);
    if (level.size === 0) this.#inUse &= ~(1 << item.priority);
    this.#size--;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const level of this.#levels.toReversed()) yield* level;
  }

  #added(priority: number): void {
    this.#inUse |= 1 << priority;
    this.#size++;
  }

  #next(): FifoQueue<T> | null {
    if (this.#inUse === 0) return null;
    if (this.#picks % AGEING_EVERY === AGEING_EVERY - 1) return this.#oldestLevel();
    return this.#levels[31 - Math.clz32(this.#inUse)]!;
  }

  #oldestLevel(): FifoQueue<T> | null {
    let oldest: FifoQueue<T> | null = null;
    for (let rest = this.#inUse; rest !== 0; rest &= rest - 1) {
      const level = this.#levels[31 - Math.clz32(rest & -rest)]!;
      if (!oldest || level.peek()!.id < oldest.peek()!.id) oldest = level;
    }
    return oldest;
  }
}
