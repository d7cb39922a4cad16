import { AbortWatch } from '../../lib/core/pool/abort-watch.js';
import { EventHub } from '../../lib/core/pool/event-hub.js';
import type { Task } from '../../lib/core/pool/task.js';
import { FifoQueue } from '../../lib/core/queue/fifo-queue.js';
import { PlainItem } from '../queue/items.js';
import { compare, type Case } from './case.js';

const DEPTH = 100_000;

export const listOfTasks: Case = {
  id: 'N1',
  about: `take the first of ${DEPTH.toLocaleString('en')}, add one behind`,
  measure(rounds) {
    const array = Array.from({ length: DEPTH }, (_, id) => new PlainItem(id, 0, ''));
    const queue = new FifoQueue<PlainItem>();
    for (let id = 0; id < DEPTH; id++) queue.push(new PlainItem(id, 0, ''));
    return [
      ...compare(rounds, 2_000, {
        'Array.shift and push': (times) => {
          for (let i = 0; i < times; i++) array.push(array.shift()!);
          return array[0]!.id;
        },
      }),
      ...compare(rounds, 1_000_000, {
        'FifoQueue (a list through the items)': (times) => {
          for (let i = 0; i < times; i++) queue.push(queue.shift()!);
          return queue.peek()!.id;
        },
      }),
    ];
  },
};

export const sharedSignals: Case = {
  id: 'N2',
  about: 'tasks that share an AbortSignal, one more and one less',
  measure(rounds) {
    const { signal } = new AbortController();
    const taskOf = () => ({ settings: { signals: [signal] } }) as unknown as Task;
    const watch = new AbortWatch(() => undefined);
    watch.add(taskOf());
    const task = taskOf();
    return compare(rounds, 100_000, {
      'a listener for each task': (times) => {
        for (let i = 0; i < times; i++) {
          const onAbort = () => undefined;
          signal.addEventListener('abort', onAbort);
          signal.removeEventListener('abort', onAbort);
        }
        return times;
      },
      'a listener for each signal (AbortWatch)': (times) => {
        for (let i = 0; i < times; i++) {
          watch.add(task);
          watch.delete(task);
        }
        return times;
      },
    });
  },
};

export const unheardEvents: Case = {
  id: 'N3',
  about: 'an event that nobody hears',
  measure(rounds) {
    const hub = new EventHub('bench');
    const payload = (id: number) => ({ id, task: 'noop', workerId: 1, serviceMs: id / 1_000 });
    return compare(rounds, 1_000_000, {
      'built and emitted': (times) => {
        for (let i = 0; i < times; i++) hub.emit('completed', payload(i));
        return times;
      },
      'built only where somebody listens': (times) => {
        for (let i = 0; i < times; i++) if (hub.has('completed')) hub.emit('completed', payload(i));
        return times;
      },
    });
  },
};

const BATCH = 64;

export const clockReadings: Case = {
  id: 'N4',
  about: 'when a task started',
  measure: (rounds) =>
    compare(rounds, 1_000_000, {
      'the clock read for each task': (times) => {
        let sum = 0;
        for (let i = 0; i < times; i++) sum += performance.now();
        return sum;
      },
      [`the clock read once for ${BATCH} tasks`]: (times) => {
        let [sum, now] = [0, 0];
        for (let i = 0; i < times; i++) {
          if (i % BATCH === 0) now = performance.now();
          sum += now;
        }
        return sum;
      },
    }),
};

/** Tasks that are under way at one worker. */
const UNDER_WAY = 64;

export const tasksOfAWorker: Case = {
  id: 'N7',
  about: `a new task comes and the oldest of ${UNDER_WAY} goes, garbage collection included`,
  measure(rounds) {
    const set = new Set<PlainItem>();
    const list = new FifoQueue<PlainItem>();
    for (let id = 0; id < UNDER_WAY; id++) {
      set.add(new PlainItem(id, 0, ''));
      list.push(new PlainItem(id, 0, ''));
    }
    return compare(rounds, 1_000_000, {
      'a Set': (times) => {
        for (let i = 0; i < times; i++) {
          set.add(new PlainItem(i, 0, ''));
          for (const oldest of set) {
            set.delete(oldest);
            break;
          }
        }
        return set.size;
      },
      'a list through the tasks': (times) => {
        for (let i = 0; i < times; i++) {
          list.push(new PlainItem(i, 0, ''));
          list.shift();
        }
        return list.size;
      },
    });
  },
};
