import type { EngineTask, WorkerSink } from '../../lib/core/engine.js';
import { FakeEngine, type FakeEngineOptions } from '../support/fake-engine.js';
import type { FakeWorker } from '../support/fake-worker.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { actUntil } from '../support/watch.js';
import { describeEngine } from './engine-conformance.js';

/** A fake engine whose workers act out the tasks of the suite. */
class ActingEngine extends FakeEngine {
  override spawn(workerId: number, sink: WorkerSink): FakeWorker {
    const worker: FakeWorker = super.spawn(workerId, {
      opened: (task) => sink.opened(task),
      item: (task, value) => sink.item(task, value),
      progress: (task, value) => sink.progress(task, value),
      broken: (task, error) => sink.broken(task, error),
      ready: (info) => sink.ready(info),
      settled: (outcomes) => sink.settled(outcomes),
      exited: (exit) => sink.exited(exit),
      started: (task) => {
        sink.started(task);
        this.clock.schedule(1, () => act(worker, task));
      },
    });
    const abort = worker.abort.bind(worker);
    worker.abort = (task, reason) => {
      if (!worker.claims.has(task)) return;
      abort(task, reason);
      this.clock.schedule(1, () => act(worker, task));
    };
    const credit = worker.credit.bind(worker);
    worker.credit = (task, n) => {
      credit(task, n);
      this.clock.schedule(1, () => act(worker, task));
    };
    return worker;
  }
}

/** What it has yielded is what it has used of its credit. */
function count(worker: FakeWorker, task: EngineTask): void {
  const [upTo, flag] = task.args as [number, SharedArrayBuffer];
  const done = counted.get(task) ?? 0;
  if (done === 0 && task.answer === 'either') worker.sink.opened(task);
  for (let i = done; i < upTo && worker.creditOf(task) > 0; i++) {
    worker.yield(task, i);
    counted.set(task, i + 1);
  }
  if ((counted.get(task) ?? 0) < upTo) return;
  new Int32Array(flag)[0] = 1;
  worker.endStream(task);
}

const counted = new Map<EngineTask, number>();

function act(worker: FakeWorker, task: EngineTask): void {
  if (worker.isGone || !worker.started.includes(task)) return;
  const [first] = task.args;
  if (worker.aborts.has(task) && task.name === 'count') new Int32Array(task.args[1] as SharedArrayBuffer)[0] = 1;
  if (worker.aborts.has(task)) return worker.end(worker.aborts.get(task), false, [task]);
  if (task.name === 'count') return count(worker, task);
  if (task.name === 'report') {
    for (const each of ['a', { b: 2 }, 3]) worker.sink.progress(task, each);
    return worker.end(3, true, [task]);
  }
  if (first instanceof SharedArrayBuffer) new Int32Array(first)[0] = 1;
  if (task.name === 'echo') worker.end(first, true, [task]);
  if (task.name === 'fail') worker.end(new TypeError(String(first)), false, [task]);
}

function describeFake(name: string, options: FakeEngineOptions): void {
  describeEngine(name, () => {
    const clock = new VirtualClock();
    const taskNames = ['count', 'echo', 'fail', 'forever', 'report', 'untilAborted'];
    return {
      engine: new ActingEngine(clock, { bootMs: 10, taskNames, ...options }),
      until: (isMet) => actUntil(isMet, () => clock.advance(1)),
      linger: () => clock.advance(1_000),
    };
  });
}

describeFake('fake', {});
describeFake('presending fake', { presend: 3, places: 8 });
