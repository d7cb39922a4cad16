import type { CallerPort, EngineTask } from '../../core/engine.js';
import { CreditGate } from '../streams/credit-gate.js';
import { inCallerContext } from './caller-context.js';
import { copiedAnswer, tellCopied, type CopiedRun } from './copied-answer.js';
import { copyArguments } from './copy-values.js';
import type { ThreadEngineOptions } from './thread-engine.js';

/**
 * Runs a task on the calling thread. The task gets copies of its arguments and the caller copies of the result, of items and
 * of what is reported, as if they had crossed to a thread and back; signals are the caller's own.
 * @throws TaskCloneError, or what the task throws.
 */
export async function runLikeElsewhere(
  { pool: { name: pool }, runHere, reviveResult }: Pick<ThreadEngineOptions, 'pool' | 'runHere' | 'reviveResult'>,
  task: EngineTask,
  caller: CallerPort,
): Promise<unknown> {
  const { signal } = caller;
  const args = copyArguments(pool, task);
  for (const index of task.signalArgs) args[index] = task.args[index];
  const gate = task.answer === 'value' ? null : new CreditGate();
  if (gate) caller.onCredit = (n) => gate.grant(n);
  const revived = (copy: unknown) => (reviveResult ? reviveResult(task.name, copy) : copy);
  const run: CopiedRun = { pool, task, reports: caller, signal, gate, movesResult: false, revived };
  const answer = () => copiedAnswer(run, () => runHere(task.name, args));
  // The context costs every promise of this thread something: only where somebody listens.
  if (!gate && !caller.isFollowed) return answer();
  const progress = (value: unknown) => tellCopied(run, value);
  return inCallerContext({ signal, attempt: task.attempt, workerId: 0, progress }, answer);
}
