/** An event that is kept for clients that come back. */
export interface KeptEvent {
  readonly seq: number;
  readonly frame: Buffer;
}

/** Numbers of this many events are remembered after the events themselves are gone, to tell how many were missed. */
const REMEMBERED = 16_384;

/** The latest events, bounded in number and bytes, and the numbers of those before them. */
export class EventRing {
  readonly #kept: KeptEvent[] = [];
  readonly #seqs: number[] = [];
  #bytes = 0;
  #recorded = 0;

  constructor(
    readonly maxEvents: number,
    readonly maxBytes: number,
  ) {}

  /** Bytes of the events that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `seq` rises from one event to the next. */
  add(seq: number, frame: Buffer): void {
    this.#recorded++;
    this.#seqs.push(seq);
    if (this.#seqs.length > 2 * REMEMBERED) this.#seqs.splice(0, REMEMBERED);
    this.#kept.push({ seq, frame });
    this.#bytes += frame.length;
    while (this.#kept.length > this.maxEvents || this.#bytes > this.maxBytes) {
      this.#bytes -= this.#kept.shift()!.frame.length;
    }
  }

  /** The events after `seq`; where some of them are gone, their number in place of them, or `null` where it is not known. */
  after(seq: number): readonly Buffer[] | { readonly missed: number | null } {
    const count = this.#countAfter(seq);
    if (count !== null && count <= this.#kept.length) {
      return count === 0 ? [] : this.#kept.slice(-count).map(({ frame }) => frame);
    }
    return { missed: count };
  }

  #countAfter(seq: number): number | null {
    const isForgotten = this.#recorded > this.#seqs.length && this.#seqs[0]! > seq;
    if (isForgotten) return null;
    let from = 0;
    let to = this.#seqs.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#seqs[middle]! > seq) to = middle;
      else from = middle + 1;
    }
    return this.#seqs.length - from;
  }
}
