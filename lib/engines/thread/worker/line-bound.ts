const WINDOW_MS = 1_000;

/**
 * Lets a worker write so many log lines, and so much text, within a second, so that one that writes without end fills
 * neither main's memory nor its time. Lines beyond are counted, and told of once the second is over.
 */
export class LineBound {
  static readonly LINES = 1_000;
  /** A line that passes it still counts as within. */
  static readonly CHARACTERS = 4_000_000;
  #windowBegan = -Infinity;
  #lines = 0;
  #characters = 0;
  #leftOut = 0;

  constructor(readonly tell: (leftOut: number) => void) {}

  /** `now` in milliseconds. */
  admits(now: number): boolean {
    if (now - this.#windowBegan >= WINDOW_MS) this.#begin(now);
    if (this.#lines < LineBound.LINES && this.#characters < LineBound.CHARACTERS) {
      this.#lines++;
      return true;
    }
    if (this.#leftOut++ === 0) setTimeout(() => this.flush(), WINDOW_MS).unref();
    return false;
  }

  /** How long the line was that was admitted. */
  wrote(characters: number): void {
    this.#characters += characters;
  }

  /** Tells now of those that were left out. */
  flush(): void {
    if (this.#leftOut === 0) return;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    this.tell(leftOut);
  }

  #begin(now: number): void {
    this.#windowBegan = now;
    this.#lines = 0;
    this.#characters = 0;
    this.flush();
  }
}
