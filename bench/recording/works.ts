import type { TaskTiming } from '../../lib/core/engine.js';
import { Counters } from '../../lib/core/pool/counters.js';
import { TaskMeters } from '../../lib/core/pool/task-meters.js';
import { CumulativeHistogram } from '../../lib/core/stats/cumulative-histogram.js';
import { SlidingDurations } from '../../lib/core/stats/sliding-durations.js';
import type { Work } from '../micro.js';

const WINDOW_MS = 10_000;
const TASKS = ['resize', 'parse', 'render', 'noop'] as const;
/** Durations that come again and again; a power of two. */
const DURATIONS = 4_096;
/** Tasks on their way at a time: their ends are counted after the starts of others. */
const IN_FLIGHT = 64;
/** Between two tasks, milliseconds: the window moves on as under load. */
const BETWEEN_MS = 0.002;

const waits = durations(0.05);
const services = durations(0.8);

/** What a pool records of a task, each part by itself and all together. */
export const recordingWorks = {
  nothing: (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += i * BETWEEN_MS + at(waits, i) + at(services, i);
    return sum;
  },

  counters: (times) => {
    const counters = new Counters();
    let sum = 0;
    for (let done = 0; done < times; done += IN_FLIGHT) {
      for (let i = done; i < done + IN_FLIGHT; i++) {
        sum += i * BETWEEN_MS + at(waits, i) + at(services, i);
        countSubmit(counters);
      }
      for (let i = 0; i < IN_FLIGHT; i++) countStart(counters);
      for (let i = 0; i < IN_FLIGHT; i++) countEnd(counters);
    }
    return sum + counters.completed;
  },

  'wait histogram': (times) => {
    const wait = new SlidingDurations(WINDOW_MS);
    let sum = 0;
    for (let i = 0; i < times; i++) {
      sum += at(services, i);
      wait.record(i * BETWEEN_MS, at(waits, i));
    }
    return sum + wait.read(times * BETWEEN_MS).mean;
  },

  'service histogram': (times) => {
    const service = new SlidingDurations(WINDOW_MS);
    let sum = 0;
    for (let i = 0; i < times; i++) {
      sum += at(waits, i);
      service.record(i * BETWEEN_MS, at(services, i));
    }
    return sum + service.read(times * BETWEEN_MS).mean;
  },

  'two cumulative histograms': (times) => {
    const [wait, service] = [new CumulativeHistogram(), new CumulativeHistogram()];
    let sum = 0;
    for (let i = 0; i < times; i++) {
      sum += i * BETWEEN_MS;
      wait.record(at(waits, i));
      service.record(at(services, i));
    }
    return sum + wait.read().count + service.read().sumMs;
  },

  'task meters': (times) => {
    const meters = new TaskMeters();
    let sum = 0;
    for (let i = 0; i < times; i++) {
      sum += i * BETWEEN_MS;
      meters.record(TASKS[i & 3]!, true, timing(i));
    }
    return sum + meters.read().noop!.serviceMs;
  },

  'all, sampleEvery 1': (times) => recordAll(times, 1),
  'all, sampleEvery 16': (times) => recordAll(times, 16),

  'a look at the clock': (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += performance.now();
    return sum;
  },
} satisfies Record<string, Work>;

/** As a pool does it. */
function recordAll(times: number, sampleEvery: number): number {
  const records = new Records(sampleEvery);
  for (let done = 0; done < times; done += IN_FLIGHT) {
    for (let i = 0; i < IN_FLIGHT; i++) countSubmit(records.counters);
    for (let id = done; id < done + IN_FLIGHT; id++) records.start(id);
    for (let id = done; id < done + IN_FLIGHT; id++) records.end(id);
  }
  return records.read(times * BETWEEN_MS);
}

/** Start and end stand in a function each, as in a pool: what is compiled into one loop with all of them, no pool runs. */
class Records {
  readonly counters = new Counters();
  readonly #wait = new SlidingDurations(WINDOW_MS);
  readonly #service = new SlidingDurations(WINDOW_MS);
  readonly #waits = new CumulativeHistogram();
  readonly #services = new CumulativeHistogram();
  readonly #meters = new TaskMeters();

  constructor(readonly sampleEvery: number) {}

  start(id: number): void {
    countStart(this.counters);
    this.#waits.record(at(waits, id));
    if (id % this.sampleEvery === 0) this.#wait.record(id * BETWEEN_MS, at(waits, id));
  }

  end(id: number): void {
    this.#services.record(at(services, id));
    if (id % this.sampleEvery === 0) this.#service.record(id * BETWEEN_MS, at(services, id));
    this.#meters.record(TASKS[id & 3]!, true, timing(id));
    countEnd(this.counters);
  }

  read(now: number): number {
    const kept = this.#waits.read().count + this.#services.read().sumMs;
    const recent = this.#wait.read(now).mean + this.#service.read(now).mean;
    return this.counters.completed + kept + recent + this.#meters.read().noop!.serviceMs;
  }
}

function countSubmit(counters: Counters): void {
  counters.submitted++;
  counters.sent++;
}

function countStart(counters: Counters): void {
  counters.sent--;
  counters.running++;
}

function countEnd(counters: Counters): void {
  counters.running--;
  counters.completed++;
}

function timing(i: number): TaskTiming {
  return { serviceMs: at(services, i), cloneMs: at(waits, i), dispatchMs: at(waits, i + 1) };
}

function at(values: Float64Array, i: number): number {
  return values[i & (DURATIONS - 1)]!;
}

/** Exponentially distributed, the same in every run. */
function durations(meanMs: number): Float64Array {
  let seed = 1;
  return Float64Array.from({ length: DURATIONS }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return -meanMs * Math.log(seed / 2_147_483_647);
  });
}
