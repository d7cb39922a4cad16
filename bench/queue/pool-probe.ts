import { setImmediate } from 'node:timers/promises';
import { settledHeap } from '../heap.js';
import { median, significant } from '../statistics.js';
import { DeepPool } from './deep-pool.js';

export interface Memory {
  /** Heap that one queued call takes, its caller's promise included, bytes. */
  readonly bytesPerTask: number;
  /** What a bare promise of the caller's takes, bytes. */
  readonly callersBytes: number;
}

export interface CallTimes {
  readonly depth: number;
  /** Median time of `run()` into a queue of this depth, without and with a signal, nanoseconds. */
  readonly queueNs: number;
  readonly queueWithSignalNs: number;
  /** Median time of `abort()` on one call somewhere in the queue, nanoseconds. */
  readonly cancelNs: number;
  /** Of that, what `abort()` takes where nothing but an empty listener hears it. */
  readonly bareAbortNs: number;
}

/** Of each kind of call, in a round. */
const BATCH = 100;
const WARM_UP_CALLS = 20_000;

async function weigh(tasks: number): Promise<Memory> {
  const deep = await DeepPool.open(tasks);
  const promises: Promise<unknown>[] = [];
  const callersBytes = await growth(tasks, () => {
    for (let i = 0; i < tasks; i++) promises.push(new Promise(() => undefined));
  });
  const bytesPerTask = await growth(tasks, () => {
    for (let i = 0; i < tasks; i++) deep.queue();
  });
  // Both arrays are held up to here.
  if (promises.length !== deep.calls.length) throw new Error('a call was not queued');
  await deep.close();
  return { bytesPerTask, callersBytes };
}

/** Heap growth per task; what `run()` leaves to microtasks is done by then. */
async function growth(tasks: number, fill: () => void): Promise<number> {
  const before = await settledHeap();
  fill();
  return ((await settledHeap()) - before) / tasks;
}

async function timeCalls(rounds: number, depths: readonly number[]): Promise<CallTimes[]> {
  await warmUp();
  const probes = [];
  for (const depth of depths) probes.push(await CallProbe.open(depth, rounds));
  for (let round = 0; round < rounds; round++) {
    globalThis.gc!();
    for (const probe of probes) await probe.round(round);
  }
  const times = probes.map((probe) => probe.times());
  for (const probe of probes) await probe.close();
  return times;
}

async function warmUp(): Promise<void> {
  const probe = await CallProbe.open(WARM_UP_CALLS, 50);
  for (let round = 0; round < 50; round++) await probe.round(round);
  await probe.close();
}

/** A deep queue with calls all over it that have signals of their own. */
class CallProbe {
  readonly #queueNs: number[] = [];
  readonly #queueWithSignalNs: number[] = [];
  readonly #cancelNs: number[] = [];
  readonly #bareAbortNs: number[] = [];

  private constructor(
    readonly deep: DeepPool,
    readonly depth: number,
    readonly controllers: readonly AbortController[],
  ) {}

  static async open(depth: number, rounds: number): Promise<CallProbe> {
    const deep = await DeepPool.open(depth + 2 * BATCH * rounds);
    const controllers = Array.from({ length: BATCH * rounds }, () => new AbortController());
    const between = Math.floor((depth - controllers.length) / controllers.length);
    for (const controller of controllers) {
      deep.queue(controller.signal);
      for (let i = 0; i < between; i++) deep.queue();
    }
    while (deep.calls.length < depth) deep.queue();
    for (const call of deep.calls) call.catch(() => undefined);
    await setImmediate();
    return new CallProbe(deep, depth, controllers);
  }

  async round(round: number): Promise<void> {
    const { deep, controllers } = this;
    const rounds = controllers.length / BATCH;
    const victims = controllers.filter((_, index) => index % rounds === round);
    this.#cancelNs.push(...timeEach(victims, (victim) => victim.abort()));
    await setImmediate();
    const fresh = victims.map(() => new AbortController());
    const bare = victims.map(() => new AbortController());
    for (const { signal } of bare) signal.addEventListener('abort', () => undefined);
    this.#bareAbortNs.push(...timeEach(bare, (controller) => controller.abort()));
    this.#queueNs.push(...timeEach(fresh, () => deep.queue()));
    this.#queueWithSignalNs.push(...timeEach(fresh, ({ signal }) => deep.queue(signal)));
    await setImmediate();
  }

  times(): CallTimes {
    return {
      depth: this.depth,
      queueNs: significant(median(this.#queueNs)),
      queueWithSignalNs: significant(median(this.#queueWithSignalNs)),
      cancelNs: significant(median(this.#cancelNs)),
      bareAbortNs: significant(median(this.#bareAbortNs)),
    };
  }

  close(): Promise<void> {
    return this.deep.close();
  }
}

/** Nanoseconds that each call of an action takes, one by one: what interrupts one of them does not touch the median. */
function timeEach<T>(of: readonly T[], action: (item: T) => void): number[] {
  return of.map((item) => {
    const begun = performance.now();
    action(item);
    return (performance.now() - begun) * 1e6;
  });
}

const [what, ...numbers] = process.argv.slice(2);
const [first = 0, ...rest] = numbers.map(Number);
const result = what === 'memory' ? await weigh(first) : await timeCalls(first, rest);
process.stdout.write(JSON.stringify(result));
