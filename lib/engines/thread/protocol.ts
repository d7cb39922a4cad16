import type { MessagePort } from 'node:worker_threads';
import type { BufferPath } from './wire/buffers.js';
import type { WireError } from './wire/error-codec.js';

/** What a thread is born with, in its workerData. */
export interface BirthCertificate {
  readonly pool: string;
  readonly workerId: number;
  readonly concurrency: number;
  /** Tasks and replies. */
  readonly port: MessagePort;
  /** Reasons of aborts, which a synchronous task can read too. */
  readonly abortPort: MessagePort;
  readonly table: SharedArrayBuffer;
  /** For the entry's boot function. */
  readonly plan: unknown;
}

/** Main to worker. */
export type ToWorker =
  | {
      readonly kind: 'task';
      readonly slot: number;
      readonly name: string;
      readonly args: unknown[];
      /** Which arguments are the task's signal, and where Buffers are. */
      readonly signals: readonly number[] | null;
      readonly buffers: readonly BufferPath[] | null;
    }
  | { readonly kind: 'retire' };

/** Main to worker, on the abort port; posted once the slot's abort word is set. */
export interface AbortMessage {
  readonly slot: number;
  readonly ticket: number;
  readonly reason: WireError;
}

/** Worker to main. */
export type ToMain =
  | { readonly kind: 'ready'; readonly tasks: readonly string[] }
  | { readonly kind: 'bootFailed'; readonly error: WireError }
  | Reply
  /** The slot's task has begun; sent only where a worker interleaves tasks. */
  | { readonly kind: 'started'; readonly slot: number }
  /** The slot's task was revoked and skipped. */
  | { readonly kind: 'skipped'; readonly slot: number }
  /** A task arrived that could not be deserialised; which one, its claim state tells. */
  | { readonly kind: 'unreadable'; readonly error: WireError }
  | { readonly kind: 'log'; readonly line: LogLine };

export type Reply =
  | {
      readonly kind: 'result';
      readonly slot: number;
      readonly value: unknown;
      readonly buffers: readonly BufferPath[] | null;
      readonly serviceMs: number;
    }
  | { readonly kind: 'error'; readonly slot: number; readonly error: WireError; readonly serviceMs: number };

export type LogLevel = 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly context?: string | undefined;
}

/** A log line of a worker as main gets it. */
export interface WorkerLogLine extends LogLine {
  readonly pool: string;
  readonly workerId: number;
  readonly threadId: number;
}
