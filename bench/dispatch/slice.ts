import type { Call } from './contenders/contender.js';
import type { BurstWorkload, WindowWorkload, Workload } from './workloads.js';

/** What one slice of load on one contender gave. */
export interface Slice {
  /** Tasks answered per second. */
  readonly rate: number;
  /** From call to answer, of each call, microseconds; empty unless asked for. */
  readonly latencies: readonly number[];
}

type AnyCall = (argument: unknown) => PromiseLike<unknown>;

/** The clock is read once in so many answers, to keep its cost out of the rates. */
const CLOCK_EVERY = 16;

/** Loads a pool with one workload for about `ms` milliseconds, and checks every answer. */
export async function runSlice(call: Call, workload: Workload, ms: number, timed = false): Promise<Slice> {
  const latencies: number[] = [];
  const measured = timed ? stopwatch(call as AnyCall, latencies) : (call as AnyCall);
  const begun = performance.now();
  const answered =
    'burst' in workload
      ? await runBursts(measured, workload, begun + ms)
      : await runWindow(measured, workload, begun + ms);
  return { rate: (answered / (performance.now() - begun)) * 1_000, latencies };
}

async function runWindow(call: AnyCall, { window, caller }: WindowWorkload, until: number): Promise<number> {
  let answered = 0;
  let over = false;
  const places = Array.from({ length: window }, async (_, place) => {
    const { next, check } = caller(place);
    do {
      check(await call(next()));
      if (++answered % CLOCK_EVERY === 0 && performance.now() >= until) over = true;
    } while (!over);
  });
  await Promise.all(places);
  return answered;
}

/** Whole bursts, so that each has its beginning and its end in the slice. */
async function runBursts(call: AnyCall, { burst, caller }: BurstWorkload, until: number): Promise<number> {
  const callers = Array.from({ length: burst }, (_, place) => caller(place));
  let answered = 0;
  do {
    const answers = await Promise.all(callers.map(({ next }) => call(next())));
    answers.forEach((answer, place) => callers[place]!.check(answer));
    answered += burst;
  } while (performance.now() < until);
  return answered;
}

/** The same call, with the time that each answer took. */
function stopwatch(call: AnyCall, latencies: number[]): AnyCall {
  return async (argument) => {
    const sent = performance.now();
    const answer = await call(argument);
    latencies.push((performance.now() - sent) * 1_000);
    return answer;
  };
}
