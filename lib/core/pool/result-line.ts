/** A place in the line of a map's results. */
export interface Place<R> {
  result: R | undefined;
  isReady: boolean;
  next: Place<R> | null;
}

/**
 * Results on their way to the reader: in the order of the items (a place is taken as its task is submitted), or as they
 * are ready (a place is taken then). Linked, since a line as long as a wide map's is costly to shift.
 */
export class ResultLine<R> {
  #first: Place<R> | null = null;
  #last: Place<R> | null = null;

  constructor(readonly isOrdered: boolean) {}

  get isEmpty(): boolean {
    return this.#first === null;
  }

  /** For a task that was submitted. */
  reserve(): Place<R> {
    const place = { result: undefined, isReady: false, next: null };
    if (this.isOrdered) this.#append(place);
    return place;
  }

  fill(place: Place<R>, result: R): void {
    place.result = result;
    place.isReady = true;
    if (!this.isOrdered) this.#append(place);
  }

  /** The next result that may be read, if there is one. */
  take(): Place<R> | null {
    const place = this.#first;
    if (!place?.isReady) return null;
    this.#first = place.next;
    if (!this.#first) this.#last = null;
    return place;
  }

  clear(): void {
    this.#first = null;
    this.#last = null;
  }

  #append(place: Place<R>): void {
    if (this.#last) this.#last.next = place;
    else this.#first = place;
    this.#last = place;
  }
}
