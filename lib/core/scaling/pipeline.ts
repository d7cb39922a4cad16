import type { Decider, DecisionInput, Forecast, Guard, PoolReading, Proposal, Signal } from './contract.js';
import { readFresh } from './signals/read-fresh.js';
import { asError, cut, harmlessly, synchronous } from './unchecked.js';

/** The parts of a policy, built. */
export interface PolicyParts {
  readonly tickMs: number;
  readonly signals: ReadonlyMap<string, Signal>;
  readonly decider: Decider;
  readonly guards: readonly Guard[];
  readonly forecast: Forecast | null;
}

/** What came of one evaluation; `from` is where the pool is. */
export interface Evaluation {
  readonly from: number;
  readonly proposed: number;
  readonly to: number;
  readonly heldBy: string | null;
  readonly reason: string;
  readonly signals: Readonly<Record<string, number>>;
}

/** A signal older than this many ticks counts as missing. */
const STALE_TICKS = 8;

/** A signal of the policy. */
interface Sense {
  readonly name: string;
  readonly signal: Signal;
  /** What was wrong with it at the last tick. */
  fault: string | null;
}

/** Runs a policy once: signals → forecast → decider → guards → bounds. Moves nothing itself; throws what a part throws. */
export class Pipeline {
  readonly #senses: readonly Sense[];
  /** Of the last tick. */
  #signals: Readonly<Record<string, number>> = {};

  constructor(readonly parts: PolicyParts) {
    this.#senses = [...parts.signals].map(([name, signal]) => ({ name, signal, fault: null }));
  }

  /** One tick. */
  evaluate(snapshot: PoolReading, now: number): Evaluation {
    const { decider } = this.parts;
    const signals = (this.#signals = this.#read(snapshot, now));
    const input = { now, snapshot, signals };
    const blind = decider.needs?.find((name) => !Object.hasOwn(signals, name));
    if (blind !== undefined) return this.#blind(blind, input);
    const proposal = synchronous(decider.decide(input), 'the decider returned a promise');
    return this.#guarded(this.#withForecast(proposal, input), input);
  }

  /** Tasks wait: what the decider makes of that, where it takes an interest. It and the guards go by the last tick's signals. */
  evaluateQueued(snapshot: PoolReading, now: number): Evaluation | null {
    const { decider } = this.parts;
    const input = { now, snapshot, signals: this.#signals };
    const proposal = synchronous(decider.onQueued?.(input) ?? null, 'the decider returned a promise');
    return proposal && proposal.target > snapshot.target ? this.#guarded(proposal, input) : null;
  }

  /** The size stays, but for what hard guards take back. */
  #blind(signal: string, input: DecisionInput): Evaluation {
    const fault = this.#senses.find(({ name }) => name === signal)?.fault ?? 'no signal has that name';
    const why = `cannot see ${signal}: ${fault}`;
    const evaluation = this.#guarded({ target: input.snapshot.target, why }, input);
    // The cause is no part of what it is held by: it may tell an age, which is another one at each tick.
    return evaluation.heldBy === null ? { ...evaluation, heldBy: `signal ${signal}` } : evaluation;
  }

  resized(from: number, to: number, now: number): void {
    for (const guard of this.parts.guards) synchronous(guard.resized?.(from, to, now), 'a guard returned a promise');
  }

  /** Whatever one signal makes of it, the others are closed too. */
  close(): void {
    for (const { name, signal } of this.#senses) harmlessly(`closing the signal ${name}`, () => signal.close?.());
  }

  #read(snapshot: PoolReading, now: number): Readonly<Record<string, number>> {
    const signals: Record<string, number> = {};
    const staleAfterMs = STALE_TICKS * this.parts.tickMs;
    for (const sense of this.#senses) {
      const read = observed(sense.signal, snapshot, now) ?? readFresh(sense.signal, now, staleAfterMs);
      if (read.ok) signals[sense.name] = read.value;
      sense.fault = read.ok ? null : read.why;
    }
    return signals;
  }

  #withForecast(proposal: Proposal, { now, snapshot }: DecisionInput): Proposal {
    const { forecast } = this.parts;
    if (!forecast) return proposal;
    forecast.observe?.(snapshot, now);
    const predicted = synchronous(forecast.predict(now), 'the forecast returned a promise');
    if (predicted === null || !(predicted > proposal.target)) return proposal;
    if (predicted === Infinity) throw new TypeError('the forecast predicted Infinity workers');
    return { target: predicted, why: `the forecast calls for ${Math.ceil(predicted)}` };
  }

  #guarded(proposal: Proposal, input: DecisionInput): Evaluation {
    const { target: from, min, max } = input.snapshot;
    const proposed = Math.ceil(requireFinite('the decider proposed', proposal?.target));
    let [to, heldBy]: [number, string | null] = [proposed, null];
    for (const guard of this.parts.guards) {
      const ruling = synchronous(guard.apply({ target: to, why: proposal.why }, input), 'a guard returned a promise');
      if (ruling?.target === to) continue;
      const allowed = requireFinite('a guard allowed', ruling?.target);
      // What is trimmed to a part of a worker is trimmed to whole ones.
      to = allowed < to ? Math.floor(allowed) : Math.ceil(allowed);
      heldBy = ruling.heldBy ?? 'a guard';
    }
    // Whatever the guards of a policy are, the bounds hold (D7).
    const bounded = Math.min(max, Math.max(min, to));
    if (bounded !== to) [to, heldBy] = [bounded, to > max ? `max ${max}` : `min ${min}`];
    return { from, proposed, to, heldBy, reason: cut(proposal.why), signals: input.signals };
  }
}

function requireFinite(whose: string, workers: number | undefined): number {
  if (typeof workers === 'number' && Number.isFinite(workers)) return workers;
  throw new TypeError(`${whose} ${String(workers)} workers`);
}

/** A signal that fails to observe has no value; only what goes wrong is returned. */
function observed(signal: Signal, snapshot: PoolReading, now: number): { ok: false; why: string } | null {
  try {
    signal.observe?.(snapshot, now);
    return null;
  } catch (error) {
    return { ok: false, why: `threw: ${cut(asError(error).message, 200)}` };
  }
}
