import type { RunOptions } from '../contract/run-options.js';
import { checkedCall, type CallDesk } from './checked-call.js';
import type { TaskRequest } from './task.js';

/** Most slots that a batch fills without being told to. */
const MOST_SLOTS = 1_024;

/** What stands behind the port. */
interface BatchHost {
  readonly desk: CallDesk;
  /** Most workers that the pool can have, as things are. */
  mostWorkers(): number;
  /** Throws where the pool refuses the call. */
  accept<R>(request: TaskRequest, waitsForRoom: boolean): Promise<R>;
}

/** What maps, groups and streams see of their pool. */
export class BatchPort {
  readonly #host: BatchHost;

  constructor(host: BatchHost) {
    this.#host = host;
  }

  get pool(): string {
    return this.#host.desk.options.name;
  }

  /** Tasks that the pool can run at once with all its workers, 1,024 at most; it may change. */
  get slots(): number {
    return Math.min(MOST_SLOTS, this.#host.mostWorkers() * this.#host.desk.options.concurrency);
  }

  /**
   * A checked call that `batch` cancels as well.
   * @throws PoolConfigError
   */
  check(
    batch: AbortSignal,
    task: string,
    args: readonly unknown[],
    options: RunOptions | undefined = undefined,
    method: 'run' | 'stream' = 'run',
  ): TaskRequest {
    const request = checkedCall(this.#host.desk, task, args, options, method);
    const { settings } = request;
    return { ...request, settings: { ...settings, signals: [...settings.signals, batch] } };
  }

  /** Never throws. With `waitsForRoom`, a full queue is waited for under any overflow policy. */
  async submit<R>(request: TaskRequest, waitsForRoom: boolean): Promise<R> {
    return this.#host.accept<R>(request, waitsForRoom);
  }
}
