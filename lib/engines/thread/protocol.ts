import type { MessagePort } from 'node:worker_threads';
import type { Answer } from '../../core/engine.js';
import type { BufferPath } from './wire/buffers.js';
import type { WireError } from './wire/error-codec.js';

/** What a thread is born with, in its workerData. */
export interface BirthCertificate {
  readonly pool: string;
  /** 0 for a spare; it is told its number when it joins the pool. */
  readonly workerId: number;
  readonly concurrency: number;
  readonly parking: boolean;
  /** Tasks and replies. */
  readonly port: MessagePort;
  /** Reasons of aborts, which a synchronous task can read too. */
  readonly abortPort: MessagePort;
  readonly table: SharedArrayBuffer;
  /** Main's `clockOrigin()`. */
  readonly origin: number;
  /** The directory of main's compile cache, if it has one. */
  readonly compileCache?: string | null;
  /** The file to go on with, where a thread begins by learning to load TypeScript. */
  readonly entry?: string;
  /** For the entry's boot function. */
  readonly plan: unknown;
}

/** Main to worker: tasks, credit for a stream, the request to leave, or the number under which a spare works from now on. */
export type ToWorker = PackedTasks | TaskMessage | CreditMessage | 'retire' | number;

/** The slot, marked by `markSlot`, and how many more items its task may yield. */
export type CreditMessage = [markedSlot: number, credit: number];

/**
 * Tasks of which all arguments are primitive values, one after the other: slot, name (its index among those that the
 * worker told), number of arguments, arguments. Objects of two tasks never share a message: they would still be shared
 * in the worker.
 */
export type PackedTasks = unknown[];

/** One task. */
export interface TaskMessage {
  readonly slot: number;
  readonly name: number;
  readonly args: unknown[];
  /** Which arguments are the task's signal, and where Buffers are. */
  readonly signals: readonly number[] | null;
  readonly buffers: readonly BufferPath[] | null;
  readonly extras: TaskExtras | null;
}

/** What few tasks have. */
export interface TaskExtras {
  readonly attempt: number;
  /** What goes with the call, for the host's `around`; `undefined`: nothing. */
  readonly context: unknown;
  readonly answer: Answer;
}

/** Main to worker, on the abort port; posted once the slot's abort word is set. */
export interface AbortMessage {
  readonly slot: number;
  readonly ticket: number;
  readonly reason: WireError;
}

/** Worker to main: "look into the table" where it is `null`. */
export type ToMain =
  | null
  | TaskReply
  | { readonly kind: 'ready'; readonly tasks: readonly string[] }
  | { readonly kind: 'bootFailed'; readonly error: WireError }
  | { readonly kind: 'log'; readonly line: LogLine };

/** About a task. */
export type TaskReply =
  | ResultMessage
  | ItemsMessage
  /** What the slot's task returned streams; sent only where that was in question. */
  | { readonly kind: 'opened'; readonly slot: number }
  | ProgressMessage
  | { readonly kind: 'error'; readonly slot: number; readonly error: WireError }
  /** The slot's task has begun; sent only where a worker interleaves tasks. */
  | { readonly kind: 'started'; readonly slot: number }
  /** The message of this number, counted from 1, could not be deserialised. */
  | { readonly kind: 'unreadable'; readonly message: number; readonly error: WireError };

/** A result that does not fit into its slot. */
export type ResultMessage = [slot: number, value: unknown, buffers: readonly BufferPath[] | null];

/**
 * Items of a stream: the slot, marked by `markSlot`; where Buffers are; then one item, or several that are primitive values.
 * (Objects that two items share would be shared on main too, where each item is to be a copy.)
 */
export type ItemsMessage = [markedSlot: number, buffers: readonly BufferPath[] | null, ...items: unknown[]];

export interface ProgressMessage {
  readonly kind: 'progress';
  readonly slot: number;
  readonly value: unknown;
  readonly buffers: readonly BufferPath[] | null;
}

/** Tells messages about a stream from others that begin with a slot: below 0. Its own inverse. */
export function markSlot(slot: number): number {
  return -1 - slot;
}

export type LogLevel = 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal';

/** A log line on its way. What is no string is encoded, so that errors stay errors. */
export interface LogLine extends LineOrigin {
  readonly level: LogLevel;
  readonly parts: readonly (string | WireError)[];
}

interface LineOrigin {
  readonly context?: string | undefined;
  /** The task that wrote it; `null`: none, the worker was booting, say. */
  readonly task: string | null;
  /** What the carriers of the pool's context tell. */
  readonly correlationIds: readonly string[];
}

/** A log line of a worker as main gets it. */
export interface WorkerLogLine extends LineOrigin {
  readonly pool: string;
  readonly workerId: number;
  readonly threadId: number;
  readonly level: LogLevel;
  /** Message and what was logged along with it. */
  readonly parts: readonly unknown[];
}

/** Where this thread's `performance.now()` counts from, in milliseconds on a clock that all threads share. */
export function clockOrigin(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6 - performance.now();
}
