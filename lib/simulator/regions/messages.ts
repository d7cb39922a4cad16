/** What a region tells the coordinator of itself. Nothing in it is of other regions. */
export interface RegionReport {
  readonly region: number;
  /** When it was written, milliseconds. */
  readonly at: number;
  /** Workers that its autoscaler would have if it were free to. */
  readonly wanted: number;
  /** Workers that no other region can have now: its quota, or what still leaves above it. */
  readonly held: number;
  /** Number of the last order that it has followed; 0 of none. */
  readonly followed: number;
}

/** The coordinator's word on how many workers a region may have, from its arrival until the next. */
export interface QuotaOrder {
  readonly region: number;
  readonly number: number;
  readonly quota: number;
}

/** A time in which nothing passes between a region and the coordinator, milliseconds. */
export interface Partition {
  readonly region: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Messages under way: each takes the same time, and is lost where it would arrive in a partition. */
export class Mail<Message extends { readonly region: number }> {
  readonly #underWay: { readonly due: number; readonly message: Message }[] = [];

  constructor(
    readonly delayMs: number,
    readonly isCut: (region: number, at: number) => boolean,
  ) {}

  /** When the next one arrives; `Infinity` while none is under way. */
  get nextDue(): number {
    return this.#underWay[0]?.due ?? Infinity;
  }

  post(message: Message, now: number): void {
    if (!this.isCut(message.region, now)) this.#underWay.push({ due: now + this.delayMs, message });
  }

  /** Those that have arrived by now, in the order in which they were sent. */
  take(now: number): Message[] {
    const taken: Message[] = [];
    while (this.nextDue <= now) {
      const { due, message } = this.#underWay.shift()!;
      if (!this.isCut(message.region, due)) taken.push(message);
    }
    return taken;
  }
}
