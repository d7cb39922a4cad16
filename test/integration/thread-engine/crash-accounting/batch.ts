import type { Pool } from '../../../../lib/entries/core.js';
import type { Random } from '../../../support/random.js';
import { LOADS, type Load } from './loads.js';

export interface Call {
  readonly id: number;
  readonly load: Load;
  readonly result: Promise<unknown>;
}

/** Calls of random kinds. */
export class Batch {
  readonly calls: Call[] = [];
  answered = 0;
  #onAnswer: () => void = () => {};

  constructor(
    readonly pool: Pool,
    readonly random: Random,
  ) {}

  submit(count: number): void {
    for (let i = 0; i < count; i++) {
      const [id, load] = [this.calls.length, this.random.pick(LOADS)];
      const result = load.run(this.pool, id);
      result.then(this.#note, this.#note);
      this.calls.push({ id, load, result });
    }
  }

  /** Once so many calls were answered. */
  answers(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onAnswer = () => {
        if (this.answered >= count) resolve();
      };
      this.#onAnswer();
    });
  }

  readonly #note = (): void => {
    this.answered++;
    this.#onAnswer();
  };
}
