import type { Transferable } from 'node:worker_threads';
import type { Timer } from '../clock.js';
import type { EngineTask } from '../engine.js';
import type { TenantNode } from '../queue/fair-queue.js';
import type { Member } from './member.js';

/**
 * `queued` or `aside` → `sent` → `started` → `settled`; back to `queued` or `aside` when its worker was lost; any → `settled`
 * by a cancel. What is `aside` waits too, but not for the next free worker: for a certain one, or for its retry.
 */
export type TaskState = 'queued' | 'aside' | 'sent' | 'started' | 'settled';

/** Where a task waits that is `aside`. */
export interface WaitingPlace {
  remove(task: Task): void;
}

/** What a call asked for, checked and with the pool's defaults; calls that asked for nothing share one. */
export interface CallSettings {
  readonly transfer: readonly Transferable[] | undefined;
  readonly signals: readonly AbortSignal[];
  readonly signalArgs: readonly number[];
  readonly priority: number;
  readonly tenant: string;
  readonly timeoutMs: number | null;
  readonly queueTimeoutMs: number | null;
  readonly idempotent: boolean;
  readonly retries: number;
}

/** A checked call. */
export interface TaskRequest {
  readonly name: string;
  readonly args: readonly unknown[];
  /** What goes with it of the caller's surroundings. */
  readonly context: unknown;
  readonly settings: CallSettings;
}

/** One accepted call, from acceptance to its one settlement. It is its own node in the queue. */
export class Task implements EngineTask, TenantNode<Task> {
  queuePrevious: Task | null = null;
  queueNext: Task | null = null;
  arrivalPrevious: Task | null = null;
  arrivalNext: Task | null = null;
  state: TaskState = 'queued';
  /** Who has it, while it is sent or started and its caller waits. */
  member: Member | null = null;
  /** Where it waits, while it is `aside`. */
  place: WaitingPlace | null = null;
  /** The only worker that may run it, where there is one. */
  pinnedTo: Member | null = null;
  /** Whether it is what a new worker catches up on: nobody waits for that. */
  isCatchUp = false;
  slot = -1;
  attempt = 1;
  startedAt = 0;
  /** Milliseconds it was expected to run when it was sent. */
  estimateMs = 0;
  timer: Timer | null = null;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly context: unknown;
  readonly settings: CallSettings;

  readonly #resolve: (value: never) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(
    readonly id: number,
    request: TaskRequest,
    /** When it was accepted, or went back to the queue to run again. */
    public waitsSince: number,
    resolve: (value: never) => void,
    reject: (reason: unknown) => void,
  ) {
    this.name = request.name;
    this.args = request.args;
    this.context = request.context;
    this.settings = request.settings;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get priority(): number {
    return this.settings.priority;
  }

  get tenant(): string {
    return this.settings.tenant;
  }

  get signalArgs(): readonly number[] {
    return this.settings.signalArgs;
  }

  get transfer(): readonly Transferable[] | undefined {
    return this.settings.transfer;
  }

  /** Whether sending it empties the caller's objects, so that it can be sent once only. */
  get moves(): boolean {
    const { transfer } = this.settings;
    return transfer !== undefined && transfer.length > 0;
  }

  /** Starts or replaces the one deadline that runs: first for waiting, then for running. */
  setTimer(timer: Timer | null): void {
    this.timer?.cancel();
    this.timer = timer;
  }

  /** The one way to the end: frees the deadline, then answers the caller. */
  settle(ok: boolean, value: unknown): void {
    this.state = 'settled';
    this.setTimer(null);
    if (ok) this.#resolve(value as never);
    else this.#reject(value);
  }
}
