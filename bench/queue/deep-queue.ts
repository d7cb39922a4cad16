import { createQueue, type QueueOrder } from '../../lib/core/queue/create-queue.js';
import { PRIORITY_LEVELS } from '../../lib/core/queue/priority-queue.js';
import type { TaskQueue } from '../../lib/core/queue/task-queue.js';
import type { Item, ItemClass } from './items.js';

/** A queue and who waits in it. */
export interface QueueKind {
  readonly name: string;
  readonly order: QueueOrder;
  tenants(depth: number): number;
}

export const QUEUE_KINDS: readonly QueueKind[] = [
  { name: 'fifo', order: 'fifo', tenants: () => 1 },
  { name: 'priority', order: 'priority', tenants: () => 1 },
  { name: 'fair, 100 tenants', order: 'fair', tenants: () => 100 },
  { name: 'fair, 1,000 tenants', order: 'fair', tenants: () => 1_000 },
];

/** Tenants grow with the depth, and the table of tenants with them: for steps; its times tell of that table. */
export const MORE_AND_MORE_TENANTS: QueueKind = {
  name: 'fair, 10 tasks a tenant',
  order: 'fair',
  tenants: (depth) => Math.ceil(depth / 10),
};

export const OPERATIONS = ['push', 'shift', 'cancel', 'drop oldest', 'put back'] as const;

/** `cancel`: removes from anywhere. `drop oldest`: finds and removes it. `put back`: what was shifted, in front again. */
export type Operation = (typeof OPERATIONS)[number];

/**
 * A queue that is kept at one depth: every batch taken out goes in again. Only the operation itself stands between
 * `begin` and `end`, each time over a whole batch.
 */
export class DeepQueue {
  readonly #queue: TaskQueue<Item>;
  readonly #items: Item[];
  #nextId: number;
  #seed = 1;

  constructor(
    kind: QueueKind,
    readonly depth: number,
    type: ItemClass,
  ) {
    this.#queue = createQueue<Item>(kind.order, {});
    const tenants = Array.from({ length: kind.tenants(depth) }, (_, i) => `tenant ${i}`);
    this.#items = Array.from(
      { length: depth },
      (_, id) => new type(id, this.#random(PRIORITY_LEVELS), tenants[this.#random(tenants.length)]!),
    );
    for (const item of this.#items) this.#queue.push(item);
    this.#nextId = depth;
  }

  /** Does each operation `batch` times; `begin` and `end` are called around the whole of each. */
  exercise(batch: number, begin: () => void, end: (operation: Operation) => void): void {
    const out: Item[] = Array.from({ length: batch });
    const queue = this.#queue;

    begin();
    for (let i = 0; i < batch; i++) out[i] = queue.shift()!;
    end('shift');

    begin();
    for (let i = batch - 1; i >= 0; i--) queue.unshift(out[i]!);
    end('put back');

    const victims = this.#victims(batch);
    begin();
    for (const item of victims) queue.remove(item);
    end('cancel');

    this.#renew(victims);
    begin();
    for (const item of victims) queue.push(item);
    end('push');

    begin();
    for (let i = 0; i < batch; i++) queue.remove((out[i] = queue.oldest()!));
    end('drop oldest');

    this.#renew(out);
    for (const item of out) queue.push(item);
  }

  /** Different items from all over the queue. */
  #victims(count: number): Item[] {
    const victims = new Set<Item>();
    while (victims.size < count) victims.add(this.#items[this.#random(this.depth)]!);
    return [...victims];
  }

  /** As new ones, accepted just now. */
  #renew(items: readonly Item[]): void {
    for (const item of items) item.id = this.#nextId++;
  }

  /** 0 to `below` - 1, the same sequence in every run (Lehmer, 48271 modulo 2^31 - 1). */
  #random(below: number): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed % below;
  }
}
