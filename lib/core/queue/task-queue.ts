/** Links of a queued item; they belong to the queue that holds it. */
export interface QueueNode<T> {
  queuePrevious: T | null;
  queueNext: T | null;
}

/** The order in which tasks wait. Every operation takes a constant number of steps, however long the queue. */
export interface TaskQueue<T> extends Iterable<T> {
  readonly size: number;
  /** The next to go, left in place. */
  peek(): T | null;
  /** The one that has waited longest. */
  oldest(): T | null;
  push(item: T): void;
  /** Undoes a `shift`, for an item that was handed out and never started; several come back in reverse order. */
  unshift(item: T): void;
  shift(): T | null;
  /** Takes out an item that is in this queue. */
  remove(item: T): void;
}
