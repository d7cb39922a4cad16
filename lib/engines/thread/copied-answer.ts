import type { EngineTask, TaskReports } from '../../core/engine.js';
import type { CreditGate } from '../streams/credit-gate.js';
import { answerWith } from '../streams/drain.js';
import { copyBack } from './copy-values.js';
import { isPrimitive } from './wire/primitives.js';
import { transferListOf } from './worker/transfer.js';

/** A task that runs on this thread as if it ran on another. */
export interface CopiedRun {
  readonly pool: string;
  readonly task: EngineTask;
  /** Gets copies of items, and of what is reported. */
  readonly reports: TaskReports;
  readonly signal: AbortSignal;
  /** `null`: the task does not stream. */
  readonly gate: CreditGate | null;
  /** Whether `transfer()` moves the result. */
  readonly movesResult: boolean;
  /** What makes of a copy what the caller gets. */
  readonly revived: (copy: unknown) => unknown;
}

/** @throws TaskCloneError */
export function tellCopied({ pool, task, reports }: CopiedRun, value: unknown): void {
  reports.progress(task, copyBack(pool, task.name, value, 'progress', transferListOf(value)));
}

/**
 * The task's own value, copied; where it streams, its items are told on the way, and this is the end of them.
 * @throws TaskCloneError, or what the task throws.
 */
export async function copiedAnswer(run: CopiedRun, call: () => unknown): Promise<unknown> {
  const { gate, signal } = run;
  if (!gate) return sentBack(run, await call());
  const stopFollowing = gate.follow(signal);
  try {
    return sentBack(run, await streamed(run, gate, call()));
  } finally {
    stopFollowing();
  }
}

function streamed({ pool, task, reports, revived }: CopiedRun, gate: CreditGate, returned: unknown): unknown {
  const answer = task.answer === 'either' ? 'either' : 'stream';
  let index = 0;
  return answerWith(returned, {
    pool,
    task: task.name,
    answer,
    gate,
    outlet: {
      put: (item) =>
        reports.item(task, revived(copyBack(pool, task.name, item, `items[${index++}]`, transferListOf(item)))),
    },
    block: null,
    opened: () => answer === 'either' && reports.opened(task),
  });
}

function sentBack({ pool, task, movesResult, revived }: CopiedRun, value: unknown): unknown {
  if (isPrimitive(value)) return value;
  return revived(copyBack(pool, task.name, value, 'result', movesResult ? transferListOf(value) : undefined));
}
