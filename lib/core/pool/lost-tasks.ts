import type { Claim, WorkerExit } from '../engine.js';
import type { PoolError } from '../errors.js';
import type { Member } from './member.js';
import { crashError, lostError } from './pool-errors.js';
import type { Quarantine } from './quarantine.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import type { RetryLine } from './retry-line.js';
import type { Task } from './task.js';
import type { TaskLedger } from './task-ledger.js';

/** What becomes of tasks whose worker is gone with them: they run again where they may, and else fail, the guilty first. */
export class LostTasks {
  constructor(
    readonly options: ResolvedPoolOptions,
    readonly ledger: TaskLedger,
    readonly quarantine: Quarantine,
    readonly retries: RetryLine,
    /** Takes back what was sent ahead under a name; returns how to go on with those who had it. */
    readonly recall: (task: string) => () => void,
  ) {}

  /** `claim`: how far the worker had come with it. */
  lose(task: Task, member: Member, exit: WorkerExit, claim: Claim): void {
    const error =
      claim === 'sent'
        ? lostError(this.options, member, exit, task)
        : crashError(this.options, member, exit, task, claim === 'done' ? 'finished' : 'started');
    const isToBlame = claim === 'started' && member.exitReason === 'crashed';
    const oneTooMany = isToBlame ? this.quarantine.blame(task, error) : null;
    if (oneTooMany) this.#quarantined(task, oneTooMany);
    else if (this.retries.takes(task)) this.retries.add(task, error);
    else this.#fail(task, error);
  }

  /** It, and all that wait to do the same. */
  #quarantined(task: Task, error: PoolError): void {
    this.#fail(task, error);
    const goOn = this.recall(task.name);
    for (const waiting of this.ledger.waiting) {
      const refusal = waiting.name === task.name ? this.quarantine.refusal(waiting) : null;
      if (refusal) this.ledger.fail(waiting, refusal);
    }
    goOn();
  }

  #fail(task: Task, error: PoolError): void {
    this.ledger.meters.recordLoss(task.name);
    this.ledger.fail(task, error);
  }
}
