import type { PackedTasks, TaskExtras, TaskMessage } from '../protocol.js';
import type { TaskHost } from '../task-host.js';
import { restoreBuffers, type BufferPath } from '../wire/buffers.js';
import type { AbortSignals } from './abort-signals.js';
import type { Streams } from './streams.js';

export type TaskFunction = (...args: unknown[]) => unknown;

/** A task as it arrived. */
export interface Job {
  readonly slot: number;
  readonly name: string;
  readonly run: TaskFunction;
  readonly args: unknown[];
  readonly signals: readonly number[] | null;
  readonly buffers: readonly BufferPath[] | null;
  readonly extras: TaskExtras | null;
  /** It has begun and not ended. */
  isRunning: boolean;
  /** It has posted messages that its end must not overtake: that is posted as well. */
  hasPosted: boolean;
}

/** Runs the tasks of a worker. */
export interface TaskRunner {
  /** Takes in what has arrived. */
  take(jobs: readonly Job[]): void;
  /** Whether it has nothing to do: no task, none to await. */
  readonly isIdle: boolean;
}

/** Reads messages with tasks. */
export class JobReader {
  readonly #names: readonly string[];
  readonly #functions: readonly TaskFunction[];
  readonly #around: TaskHost['around'];

  constructor(
    { tasks, around }: TaskHost,
    readonly streams: Pick<Streams, 'answer'>,
  ) {
    this.#around = around;
    this.#names = [...tasks.keys()];
    this.#functions = [...tasks.values()];
  }

  /** Appends the tasks of a message to `jobs`. */
  read(message: PackedTasks | TaskMessage, jobs: (Job | null)[]): void {
    if (!Array.isArray(message)) {
      jobs.push(this.#job(message));
      return;
    }
    for (let at = 0; at < message.length;) {
      const [slot, name, count] = [message[at] as number, message[at + 1] as number, message[at + 2] as number];
      at += 3;
      const args = count === 0 ? [] : message.slice(at, at + count);
      const run = this.#functions[name]!;
      jobs.push({
        slot,
        name: this.#names[name]!,
        run,
        args,
        signals: null,
        buffers: null,
        extras: null,
        isRunning: false,
        hasPosted: false,
      });
      at += count;
    }
  }

  #job({ slot, name, args, signals, buffers, extras }: TaskMessage): Job {
    const run = this.#functions[name]!;
    const streams = extras?.answer === 'stream' || extras?.answer === 'either';
    const job: Job = {
      slot,
      name: this.#names[name]!,
      // A stream is drained inside what surrounds its task, so that each `next()` of it runs there too.
      run: this.#inContext(extras, streams ? (...all) => this.streams.answer(job, run(...all)) : run),
      args,
      signals,
      buffers,
      extras,
      isRunning: false,
      hasPosted: false,
    };
    return job;
  }

  #inContext(extras: TaskExtras | null, run: TaskFunction): TaskFunction {
    const around = this.#around;
    if (!around || extras?.context === undefined) return run;
    return (...args) => around(extras.context, () => run(...args));
  }
}

/** Makes the arguments of a job what the caller passed: Buffers again, and a live signal. */
export function unpackArguments({ slot, args, signals, buffers }: Job, live: AbortSignals): unknown[] {
  if (buffers) restoreBuffers(args, buffers);
  if (signals) for (const index of signals) args[index] = live.of(slot);
  return args;
}

/** Whether a result is to be awaited. Throws what a getter `then` throws. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}
