import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, SliceReport, SliceRequest } from './protocol.js';

const driver = new URL('./driver.js', import.meta.url);

/** An answer that takes this long will never come. */
const PATIENCE_MS = 60_000;

/** A contender in a process of its own. Between slices it waits for the next message and does nothing. */
export class ContenderProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #complaints = '';

  constructor(job: Job) {
    this.#name = job.contender;
    this.#child = fork(driver, [JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#closed = once(this.#child, 'close');
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#complaints += text));
  }

  /** Resolves when its pool is up and has run each workload; to be called at once. */
  async warm(): Promise<void> {
    await this.#answer();
  }

  slice(request: SliceRequest): Promise<SliceReport> {
    this.#child.send(request, () => {}); // that the process has ended is for #answer to say
    return this.#answer() as Promise<SliceReport>;
  }

  /** It has nothing to save, so it need not be asked. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.kill();
    await this.#closed;
  }

  /** The next message. Rejects, with what the process wrote to stderr, if it ends or falls silent instead. */
  async #answer(): Promise<unknown> {
    const settled = new AbortController();
    const { signal } = settled;
    const fail = (what: string) => {
      throw new Error(`The process of '${this.#name}' ${what}.\n${this.#complaints}`);
    };
    try {
      return await Promise.race([
        once(this.#child, 'message', { signal }).then(([message]) => message as unknown),
        this.#closed.then(() => fail(`ended with ${this.#child.signalCode ?? this.#child.exitCode}`)),
        delay(PATIENCE_MS, undefined, { signal }).then(() => fail(`was silent for ${PATIENCE_MS} ms`)),
      ]);
    } finally {
      settled.abort();
    }
  }
}
