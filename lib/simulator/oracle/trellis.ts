import { WindowQueue, type QueueState, type WindowOutcome } from './window-queue.js';

/** A state that several plans lead to, with what each size has been found to make of the window that it stands before. */
export class TrellisNode {
  readonly #outcomes = new Map<number, Step>();

  constructor(
    readonly trellis: Trellis,
    readonly window: number,
    readonly state: QueueState,
  ) {}

  /** What this size makes of the window. */
  step(size: number): Step {
    let step = this.#outcomes.get(size);
    if (step === undefined) this.#outcomes.set(size, (step = this.trellis.explore(this, size)));
    return step;
  }

  /** The least size from `low` to `high` by which no task is late, or `high`. */
  leastWithoutMisses(low: number, high: number): number {
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.step(middle).misses === 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

export interface Step extends Omit<WindowOutcome, 'next'> {
  readonly next: TrellisNode;
}

/**
 * What has been found out of a workload, whatever a miss is worth: mostly the same few tasks run at the beginning of a
 * window whichever sizes led there, so that plans meet again and share what comes after.
 */
export class Trellis {
  readonly root: TrellisNode;
  /** States before each window. */
  readonly #nodes: TrellisNode[][] = [];

  constructor(readonly queue: WindowQueue) {
    this.root = this.#node(0, { head: 0, ends: new Float64Array() });
  }

  explore({ window, state }: TrellisNode, size: number): Step {
    const { misses, drainMs, next } = this.queue.run(window, state, size);
    return { misses, drainMs, next: this.#node(window + 1, next) };
  }

  #node(window: number, state: QueueState): TrellisNode {
    const met = (this.#nodes[window] ??= []);
    const known = met.find((node) => isSame(node.state, state));
    if (known !== undefined) return known;
    const node = new TrellisNode(this, window, state);
    met.push(node);
    return node;
  }
}

function isSame(a: QueueState, b: QueueState): boolean {
  return a.head === b.head && a.ends.length === b.ends.length && a.ends.every((end, index) => end === b.ends[index]);
}
