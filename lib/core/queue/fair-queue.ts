import { ArrivalOrder, type ArrivalNode } from './arrival-order.js';
import { FifoQueue } from './fifo-queue.js';
import type { QueueNode, TaskQueue } from './task-queue.js';

/** What a fair queue must know of an item. */
export interface TenantNode<T> extends QueueNode<T>, ArrivalNode<T> {
  readonly tenant: string;
}

/** One tenant with items waiting: a lane in the ring of lanes. */
interface Lane<T extends TenantNode<T>> {
  readonly tenant: string;
  readonly items: FifoQueue<T>;
  /** Items that it may still send in its turn; fractions carry over to the next one. */
  credit: number;
  previous: Lane<T>;
  next: Lane<T>;
}

/**
 * Takes turns among tenants; a tenant of weight 3 sends three items where one of weight 1 sends one. Deficit round
 * robin (Shreedhar and Varghese, 1995) over items of equal size, with quanta scaled so that the smallest is one item,
 * which makes each pick a constant number of steps. Tenants without items take no place.
 */
export class FairQueue<T extends TenantNode<T>> implements TaskQueue<T> {
  readonly #lanes = new Map<string, Lane<T>>();
  readonly #quanta: ReadonlyMap<string, number>;
  readonly #defaultQuantum: number;
  readonly #arrivals = new ArrivalOrder<T>();
  /** The lane whose turn it is. */
  #turn: Lane<T> | null = null;
  #size = 0;

  /** `weights` by tenant, each above 0; tenants without one have weight 1. */
  constructor(weights: Readonly<Record<string, number>> = {}) {
    const least = Math.min(1, ...Object.values(weights));
    this.#quanta = new Map(Object.entries(weights).map(([tenant, weight]) => [tenant, weight / least]));
    this.#defaultQuantum = 1 / least;
  }

  get size(): number {
    return this.#size;
  }

  peek(): T | null {
    return this.#turn?.items.peek() ?? null;
  }

  oldest(): T | null {
    return this.#arrivals.oldest();
  }

  push(item: T): void {
    this.#laneOf(item.tenant).items.push(item);
    this.#arrivals.push(item);
    this.#size++;
  }

  unshift(item: T): void {
    const lane = this.#laneOf(item.tenant);
    lane.items.unshift(item);
    this.#arrivals.putBack(item);
    if (this.#turn !== lane) this.#takeTurn(this.#turn!);
    this.#turn = lane;
    // Else the turn had come round to the lane that it left.
    if (lane.credit < this.#quantumOf(lane)) lane.credit++;
    else lane.credit -= this.#quantumOf(lane) - 1;
    this.#size++;
  }

  shift(): T | null {
    const lane = this.#turn;
    const item = lane?.items.peek();
    if (!lane || !item) return null;
    lane.credit--;
    this.#take(lane, item);
    if (lane.items.size > 0 && lane.credit < 1) this.#giveTurn(lane.next);
    return item;
  }

  remove(item: T): void {
    this.#take(this.#lanes.get(item.tenant)!, item);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { items } of this.#lanes.values()) yield* items;
  }

  #take(lane: Lane<T>, item: T): void {
    lane.items.remove(item);
    this.#arrivals.remove(item);
    this.#size--;
    if (lane.items.size === 0) this.#close(lane);
  }

  #laneOf(tenant: string): Lane<T> {
    const known = this.#lanes.get(tenant);
    if (known) return known;
    const lane = { tenant, items: new FifoQueue<T>(), credit: 0 } as Lane<T>;
    this.#lanes.set(tenant, lane);
    // A new lane waits a full round: it goes in behind the lane whose turn it is.
    const turn = this.#turn;
    lane.next = turn ?? lane;
    lane.previous = turn?.previous ?? lane;
    lane.previous.next = lane.next.previous = lane;
    if (!turn) this.#giveTurn(lane);
    return lane;
  }

  #giveTurn(lane: Lane<T>): void {
    this.#turn = lane;
    lane.credit += this.#quantumOf(lane);
  }

  /** Undoes `#giveTurn`. A lane may have used some of its turn, but owes no more than that. */
  #takeTurn(lane: Lane<T>): void {
    const quantum = this.#quantumOf(lane);
    lane.credit = Math.max(lane.credit - quantum, 1 - quantum);
  }

  #quantumOf(lane: Lane<T>): number {
    return this.#quanta.get(lane.tenant) ?? this.#defaultQuantum;
  }

  #close(lane: Lane<T>): void {
    this.#lanes.delete(lane.tenant);
    lane.previous.next = lane.next;
    lane.next.previous = lane.previous;
    if (this.#turn !== lane) return;
    if (lane.next === lane) this.#turn = null;
    else this.#giveTurn(lane.next);
  }
}
