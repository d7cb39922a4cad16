/** Links of an item in the order of acceptance; they belong to the queue that holds it. `id`s grow in that order. */
export interface ArrivalNode<T> {
  readonly id: number;
  arrivalPrevious: T | null;
  arrivalNext: T | null;
}

/**
 * The order in which items were accepted, for a queue that takes them in another one: a second list through the items,
 * so that the oldest is known without a search. Items that come back stand in a list of their own, by `id`: to find
 * their places among all the others would take as many steps as there are older ones, and few come back.
 */
export class ArrivalOrder<T extends ArrivalNode<T>> {
  #first: T | null = null;
  #last: T | null = null;
  #returned: T | null = null;

  oldest(): T | null {
    const [arrived, returned] = [this.#first, this.#returned];
    if (!arrived || !returned) return arrived ?? returned;
    return arrived.id < returned.id ? arrived : returned;
  }

  /** Adds the newest item. */
  push(item: T): void {
    item.arrivalPrevious = this.#last;
    if (this.#last) this.#last.arrivalNext = item;
    else this.#first = item;
    this.#last = item;
  }

  /** Takes back an item that was removed. One step, if items come back youngest first. */
  putBack(item: T): void {
    let previous: T | null = null;
    let next = this.#returned;
    for (; next && next.id < item.id; next = next.arrivalNext) previous = next;
    item.arrivalPrevious = previous;
    item.arrivalNext = next;
    if (previous) previous.arrivalNext = item;
    else this.#returned = item;
    if (next) next.arrivalPrevious = item;
  }

  remove(item: T): void {
    const { arrivalPrevious: previous, arrivalNext: next } = item;
    if (previous) previous.arrivalNext = next;
    else if (item === this.#first) this.#first = next;
    else this.#returned = next;
    if (next) next.arrivalPrevious = previous;
    else if (item === this.#last) this.#last = previous;
    item.arrivalPrevious = item.arrivalNext = null;
  }
}
