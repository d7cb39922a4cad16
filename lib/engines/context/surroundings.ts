import type { SurroundedTask } from '../../core/contract/context-carrier.js';
import { ContextError } from '../../core/errors.js';
import type { NamedCarrier } from '../../core/named-carriers.js';
import type { TaskHost } from '../thread/task-host.js';
import type { CapturedContext } from './capture.js';

/** What a host does with what main's carriers captured. */
export type Surroundings = Required<Pick<TaskHost, 'around' | 'correlationIds'>>;

/**
 * Puts what was captured around tasks: the carriers nest, the first outermost. `about` tells of the task that runs.
 * Tasks throw a `ContextError` where a carrier is missing or breaks its contract.
 */
export function surroundings(carriers: readonly NamedCarrier[], about: () => SurroundedTask): Surroundings {
  const known = new Set(carriers.map(({ name }) => name));
  const around = <R>(context: unknown, run: () => R): R => {
    const captured = context as CapturedContext;
    const round = new Round(captured, about());
    for (const name of Object.keys(captured))
      if (!known.has(name)) throw round.error(name, 'is not known in its worker');
    const from = (index: number): R => {
      const named = carriers[index];
      if (!named) return run();
      const inner = () => from(index + 1);
      return Object.hasOwn(captured, named.name) ? round.through(named, inner) : inner();
    };
    return from(0);
  };
  return { around, correlationIds: () => carriers.flatMap(({ carrier }) => idOf(carrier) ?? []) };
}

/** A log line is written in any case. */
function idOf(carrier: NamedCarrier['carrier']): string | null {
  try {
    const id: unknown = carrier.correlationId?.();
    return typeof id === 'string' && id !== '' ? id : null;
  } catch {
    return null;
  }
}

/** One task on its way through the carriers. */
class Round {
  constructor(
    readonly captured: CapturedContext,
    readonly about: SurroundedTask,
  ) {}

  through<R>({ name, carrier }: NamedCarrier, inner: () => R): R {
    let calls = 0;
    let result: R | undefined;
    const task = (): R => {
      if (++calls > 1) throw this.error(name, 'called its task twice; run() must call it once');
      return (result = inner());
    };
    const settled = (value: unknown): unknown => {
      if (calls > 0) return value;
      throw this.error(name, 'did not call its task; run() must call it, and return what it returns');
    };
    const failed = (error: unknown): never => {
      throw calls > 0 ? error : this.error(name, 'could not surround the task', error);
    };
    let returned: R;
    try {
      returned = carrier.run(this.captured[name], task, this.about);
    } catch (error) {
      return failed(error);
    }
    if (calls === 0 && returned instanceof Promise) return returned.then(settled, failed) as R;
    settled(returned);
    if (returned !== undefined || result === undefined) return returned;
    if (result instanceof Promise) result.catch(() => undefined);
    throw this.error(name, 'returned nothing; run() must return what task() returns');
  }

  error(carrier: string, problem: string, cause?: unknown): ContextError {
    const { pool, task } = this.about;
    const told = cause === undefined ? '' : `: ${cause instanceof Error ? cause.message : String(cause)}`;
    const message = `pool '${pool}', task '${task}': the carrier ${carrier} ${problem}${told}.`;
    return new ContextError(message, { pool, carrier, cause });
  }
}
