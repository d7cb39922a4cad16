import { constants } from 'node:os';
import type { ContenderName } from './contenders/registry.js';
import { ContenderProcess } from './contender-process.js';
import type { Job, SliceReport, SliceRequest } from './protocol.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The contenders' processes. None outlives it, however this process ends. */
export class Fleet implements AsyncDisposable {
  readonly #processes = new Map<ContenderName, ContenderProcess>();

  constructor() {
    process.on('exit', this.#kill);
    for (const signal of SIGNALS) process.on(signal, this.#leave);
  }

  /** Starts a contender and warms it up. */
  async add(job: Job): Promise<void> {
    const contender = new ContenderProcess(job);
    this.#processes.set(job.contender, contender);
    await contender.warm();
  }

  slice(contender: ContenderName, request: SliceRequest): Promise<SliceReport> {
    return this.#processes.get(contender)!.slice(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#kill);
    for (const signal of SIGNALS) process.off(signal, this.#leave);
    await Promise.all([...this.#processes.values()].map((contender) => contender.stop()));
  }

  readonly #kill = (): void => {
    for (const contender of this.#processes.values()) contender.kill();
  };

  readonly #leave = (signal: (typeof SIGNALS)[number]): void => {
    process.exit(128 + constants.signals[signal]);
  };
}
