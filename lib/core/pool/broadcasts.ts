import type { BroadcastOptions } from '../contract/pool.js';
import { PoolError } from '../errors.js';
import { checkBroadcast } from './batch-options.js';
import { checkedCall, type CallDesk } from './checked-call.js';
import type { Crew } from './crew.js';
import type { Dispatcher } from './dispatcher.js';
import type { Member } from './member.js';
import { WORKER_LEFT } from './pool-errors.js';
import type { TaskRequest } from './task.js';

interface Replay {
  readonly request: TaskRequest;
  /** Lets go of its signals. */
  forget(): void;
}

/** Calls that go to every worker, and those that workers born later have to catch up on (P14). */
export class Broadcasts {
  /** The latest replay of each task, in the order of the calls. */
  readonly #replays = new Map<string, Replay>();

  constructor(
    readonly desk: CallDesk,
    readonly crew: Crew,
    readonly dispatcher: Dispatcher,
  ) {}

  /** @throws PoolConfigError, TaskNotFoundError, TaskQuarantinedError, PoolFullError, or the reason of an aborted signal */
  run<R>(task: string, args: readonly unknown[], options: BroadcastOptions): Promise<R[]> {
    checkBroadcast(this.desk.options.name, options);
    const { signal, replay = false } = options;
    const request = checkedCall(this.desk, task, args, signal && { signal });
    for (const { aborted, reason } of request.settings.signals) if (aborted) throw reason;
    const results = this.dispatcher.acceptForEach<R>(request, [...this.crew.roster.staff]);
    if (replay) this.#keep(request);
    return together(results);
  }

  /** A worker is born: what it missed comes first, and it takes nothing from the queue before that. */
  catchUp(member: Member): void {
    if (this.#replays.size === 0) return;
    member.isFit = false;
    const replays = [...this.#replays.values()].map((replay) => this.#replay(replay, member));
    void this.#judge(member, Promise.all(replays));
  }

  async #judge(member: Member, replays: Promise<unknown>): Promise<void> {
    try {
      await replays;
      this.crew.declareFit(member);
      this.dispatcher.pump();
    } catch (error) {
      if (!hasLeft(error)) this.crew.declareUnfit(member);
    }
  }

  /** No worker will be born any more. */
  endReplays(): void {
    for (const task of Array.from(this.#replays.keys())) this.#end(task);
  }

  /** One that has been ended or replaced meanwhile need not succeed. */
  async #replay(replay: Replay, member: Member): Promise<void> {
    const { request } = replay;
    try {
      await this.dispatcher.catchUp(request, member);
    } catch (error) {
      if (this.#replays.get(request.name) === replay || hasLeft(error)) throw error;
    }
  }

  /** Kept until its signal is aborted, or a later one takes its place. */
  #keep(request: TaskRequest): void {
    const { name, settings } = request;
    this.#end(name);
    const end = () => this.#end(name);
    for (const signal of settings.signals) signal.addEventListener('abort', end);
    const forget = () => {
      for (const signal of settings.signals) signal.removeEventListener('abort', end);
    };
    this.#replays.set(name, { request, forget });
  }

  #end(task: string): void {
    this.#replays.get(task)?.forget();
    this.#replays.delete(task);
  }
}

/** The results of those that were there until the end; the first failure, once all have ended. */
async function together<R>(results: readonly Promise<R>[]): Promise<R[]> {
  const ends = await Promise.allSettled(results);
  const failure = ends.find((end) => end.status === 'rejected' && !hasLeft(end.reason));
  if (failure) throw (failure as PromiseRejectedResult).reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

function hasLeft(reason: unknown): boolean {
  return reason instanceof PoolError && reason.code === WORKER_LEFT;
}
