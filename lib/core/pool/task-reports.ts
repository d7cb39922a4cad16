import type { TaskReports, WorkerSink } from '../engine.js';
import type { EventHub } from './event-hub.js';
import type { Task } from './task.js';
import type { TaskLedger } from './task-ledger.js';

/** What the pool hears of a task before its end. */
export type PoolReports = TaskReports & Pick<WorkerSink, 'broken'>;

/** Hands on what tasks yield and report; of one that was answered already, nothing. */
export function taskReports(events: EventHub, ledger: TaskLedger): PoolReports {
  return {
    opened: (told) => {
      const task = told as Task;
      if (task.state !== 'settled') task.reader?.opened();
    },
    item: (told, value) => {
      const task = told as Task;
      if (task.state === 'settled') return;
      task.delivered++;
      ledger.yielded();
      task.reader?.item(task, value);
    },
    broken: (told, error) => {
      const task = told as Task;
      if (task.state === 'settled') return;
      ledger.meters.recordLoss(task.name);
      ledger.fail(task, error);
    },
    progress: (told, value) => {
      const task = told as Task;
      if (task.state === 'settled') return;
      const { onProgress } = task.settings;
      if (onProgress) events.tell('onProgress', onProgress, value);
      if (events.has('progress')) events.emit('progress', { id: task.id, task: task.name, value });
    },
  };
}
