/** Callers, each of which awaits one call before it makes the next. */
const WINDOW = 64;
/** What a task of the window takes, milliseconds. */
const SHORT_MS = 0.05;
/** Short calls before the surprise, in which a pool may learn how short they are. */
const LESSONS = 2_000;
const SURPRISE_MS = 200;
/** A short task that waits longer than this, milliseconds, is stranded. */
const STRANDED_MS = 100;

/** Runs a task of the same name, always, that takes this long. */
export type Spin = (ms: number) => Promise<unknown>;

/**
 * Has a window of 64 callers call a short task, again and again; after a while one of the calls takes 200 ms. Returns
 * how many of the short calls that were under way with it took more than 100 ms: those stood behind it in line.
 */
export async function strandedBySurprise(spin: Spin): Promise<number> {
  const window = new Window(spin);
  await Promise.all(Array.from({ length: WINDOW }, () => window.call()));
  return window.stranded;
}

class Window {
  stranded = 0;
  #calls = 0;
  #phase: 'learning' | 'surprised' | 'over' = 'learning';

  constructor(readonly spin: Spin) {}

  /** One caller, to the end. */
  async call(): Promise<void> {
    while (this.#phase !== 'over') {
      if (this.#phase === 'learning' && ++this.#calls > LESSONS) await this.#surprise();
      else await this.#callShort();
    }
  }

  async #surprise(): Promise<void> {
    this.#phase = 'surprised';
    await this.spin(SURPRISE_MS);
    this.#phase = 'over';
  }

  async #callShort(): Promise<void> {
    const begun = performance.now();
    await this.spin(SHORT_MS);
    if (this.#phase !== 'learning' && performance.now() - begun > STRANDED_MS) this.stranded++;
  }
}
