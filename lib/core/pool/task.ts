import type { Transferable } from 'node:worker_threads';
import type { Timer } from '../clock.js';
import type { Answer, EngineTask } from '../engine.js';
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
  readonly onProgress: ((value: unknown) => void) | undefined;
}

/** Who reads what a call streams. */
export interface ItemReader {
  readonly answer: Exclude<Answer, 'value'>;
  /** The task streams; told only where that was in question. */
  opened(): void;
  item(task: Task, value: unknown): void;
}

/** A run on the calling thread. */
export interface RunHere {
  credit(n: number): void;
  abort(reason: unknown): void;
}

/** A checked call. */
export interface TaskRequest {
  readonly name: string;
  readonly args: readonly unknown[];
  /** What goes with it of the caller's surroundings. */
  readonly context: unknown;
  readonly settings: CallSettings;
  /** `null` where the call waits for one value. */
  readonly reader: ItemReader | null;
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
  /** Its run, while it runs on the calling thread. */
  here: RunHere | null = null;
  /** Items that its reader has got. A call that has delivered any is never run again. */
  delivered = 0;
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
  readonly reader: ItemReader | null;

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
    this.reader = request.reader;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get priority(): number {
    return this.settings.priority;
  }

  get tenant(): string {
    return this.settings.tenant;
  }

  get answer(): Answer {
    return this.reader ? this.reader.answer : 'value';
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

  /** Lets it yield `n` more items, wherever it runs. */
  credit(n: number): void {
    if (this.member) this.member.worker.credit(this, n);
    else this.here?.credit(n);
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
