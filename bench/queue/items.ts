/** An item as any queue takes it; `id`s can be renewed, so that the same items wait again and again. */
export interface Item {
  queuePrevious: Item | null;
  queueNext: Item | null;
  arrivalPrevious: Item | null;
  arrivalNext: Item | null;
  id: number;
  readonly priority: number;
  readonly tenant: string;
}

export type ItemClass = new (id: number, priority: number, tenant: string) => Item;

export class PlainItem implements Item {
  queuePrevious: Item | null = null;
  queueNext: Item | null = null;
  arrivalPrevious: Item | null = null;
  arrivalNext: Item | null = null;

  constructor(
    public id: number,
    readonly priority: number,
    readonly tenant: string,
  ) {}
}

/** Counts each look at an item and each change of one: the steps that a queue takes. */
export class CountedItem implements Item {
  static steps = 0;
  #previous: Item | null = null;
  #next: Item | null = null;
  #arrivalPrevious: Item | null = null;
  #arrivalNext: Item | null = null;
  #id: number;
  readonly #priority: number;
  readonly #tenant: string;

  constructor(id: number, priority: number, tenant: string) {
    this.#id = id;
    this.#priority = priority;
    this.#tenant = tenant;
  }

  get queuePrevious(): Item | null {
    return counted(this.#previous);
  }

  set queuePrevious(item: Item | null) {
    this.#previous = counted(item);
  }

  get queueNext(): Item | null {
    return counted(this.#next);
  }

  set queueNext(item: Item | null) {
    this.#next = counted(item);
  }

  get arrivalPrevious(): Item | null {
    return counted(this.#arrivalPrevious);
  }

  set arrivalPrevious(item: Item | null) {
    this.#arrivalPrevious = counted(item);
  }

  get arrivalNext(): Item | null {
    return counted(this.#arrivalNext);
  }

  set arrivalNext(item: Item | null) {
    this.#arrivalNext = counted(item);
  }

  get id(): number {
    return counted(this.#id);
  }

  set id(id: number) {
    this.#id = counted(id);
  }

  get priority(): number {
    return counted(this.#priority);
  }

  get tenant(): string {
    return counted(this.#tenant);
  }
}

function counted<T>(value: T): T {
  CountedItem.steps++;
  return value;
}
