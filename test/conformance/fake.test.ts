import type { EngineTask, WorkerSink } from '../../lib/core/engine.js';
import { FakeEngine } from '../support/fake-engine.js';
import type { FakeWorker } from '../support/fake-worker.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { actUntil } from '../support/watch.js';
import { describeEngine } from './engine-conformance.js';

/** A fake engine whose workers act out the tasks of the suite. */
class ActingEngine extends FakeEngine {
  override spawn(workerId: number, sink: WorkerSink): FakeWorker {
    const worker = super.spawn(workerId, sink);
    const dispatch = worker.dispatch.bind(worker);
    const abort = worker.abort.bind(worker);
    worker.dispatch = (tasks) => {
      dispatch(tasks);
      for (const task of tasks) this.clock.schedule(1, () => act(worker, task));
    };
    worker.abort = (task, reason) => {
      if (!worker.started.includes(task)) return;
      abort(task, reason);
      this.clock.schedule(1, () => act(worker, task));
    };
    return worker;
  }
}

function act(worker: FakeWorker, task: EngineTask): void {
  if (worker.isGone || !worker.started.includes(task)) return;
  const [first] = task.args;
  if (worker.aborts.has(task)) return worker.end(worker.aborts.get(task), false, [task]);
  if (first instanceof SharedArrayBuffer) new Int32Array(first)[0] = 1;
  if (task.name === 'echo') worker.end(first, true, [task]);
  if (task.name === 'fail') worker.end(new TypeError(String(first)), false, [task]);
}

describeEngine('fake', () => {
  const clock = new VirtualClock();
  const taskNames = ['echo', 'fail', 'forever', 'untilAborted'];
  return {
    engine: new ActingEngine(clock, { bootMs: 10, taskNames }),
    until: (isMet) => actUntil(isMet, () => clock.advance(1)),
    linger: () => clock.advance(1_000),
  };
});
