import type { QueueNode, TaskQueue } from './task-queue.js';

/** First in, first out: a doubly linked list threaded through the items, so that a cancelled one leaves in O(1). */
export class FifoQueue<T extends QueueNode<T>> implements TaskQueue<T> {
  #head: T | null = null;
  #tail: T | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  peek(): T | null {
    return this.#head;
  }

  oldest(): T | null {
    return this.#head;
  }

  push(item: T): void {
    item.queuePrevious = this.#tail;
    item.queueNext = null;
    if (this.#tail) this.#tail.queueNext = item;
    else this.#head = item;
    this.#tail = item;
    this.#size++;
  }

  unshift(item: T): void {
    item.queuePrevious = null;
    item.queueNext = this.#head;
    if (this.#head) this.#head.queuePrevious = item;
    else this.#tail = item;
    this.#head = item;
    this.#size++;
  }

  shift(): T | null {
    const head = this.#head;
    if (head) this.remove(head);
    return head;
  }

  remove(item: T): void {
    if (item.queuePrevious) item.queuePrevious.queueNext = item.queueNext;
    else this.#head = item.queueNext;
    if (item.queueNext) item.queueNext.queuePrevious = item.queuePrevious;
    else this.#tail = item.queuePrevious;
    item.queuePrevious = item.queueNext = null;
    this.#size--;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let item = this.#head; item; item = item.queueNext) yield item;
  }
}
