import { isDeepStrictEqual } from 'node:util';
import type { ManagedBudget } from '../core/budget/budget.js';
import type { PreparedBudget } from '../core/budget/prepared-budget.js';
import type { BudgetOptions } from '../core/budget/resolve-budget.js';
import type { ConfigFault, ConfigStatus } from '../core/contract/config-status.js';
import type { OptionChange } from '../core/contract/events.js';
import type { PoolOptions } from '../core/contract/pool-options.js';
import { PoolConfigError } from '../core/errors.js';
import type { ManagedPool, PreparedChange } from '../core/pool/managed-pool.js';
import { ConfigProblem } from './config-problem.js';
import { readContentSync, type FileContent } from './file-content.js';
import type { FileOptions } from './file-options.js';
import { FileWatch } from './file-watch.js';
import { keepSignals } from './kept-signals.js';
import { mergedBudget, mergedPool } from './merge-options.js';
import { parseConfig } from './parse-config.js';

/** What a file configures: the pools with the options that code gives them, and their budget. */
export interface ConfigSubjects {
  readonly pools: ReadonlyMap<string, { readonly pool: ManagedPool; readonly options: PoolOptions }>;
  readonly budget: { readonly budget: ManagedBudget; readonly options: BudgetOptions } | null;
}

/** Whom to tell. */
export interface ConfigEvents {
  /** The file came into effect, with these changes; `pool` is `null` for those of the budget. */
  applied(changes: readonly (OptionChange & { readonly pool: string | null })[]): void;
  /** The file is invalid: what was in effect stays so. */
  refused(fault: ConfigFault): void;
  /** It is valid again, or there again. */
  recovered(): void;
}

/** Whatever a file brings about, the application goes on. */
function asProblem(error: unknown): ConfigProblem {
  if (error instanceof ConfigProblem) return error;
  return new ConfigProblem(`the file cannot be applied: ${error instanceof Error ? error.message : String(error)}`);
}

interface PreparedPool {
  readonly name: string;
  readonly change: PreparedChange;
}

/**
 * Keeps the options of pools as a file says, on top of those of code. A file that is not valid changes nothing, whatever
 * part of it is wrong; one that is comes into effect for all pools in one turn of the event loop.
 *
 * `invalid` (not read yet) → `applied` ⇄ `invalid`, by each content of the file.
 */
export class LiveConfig {
  readonly #watch: FileWatch;
  readonly #letGo: () => void;
  #content: FileContent = { problem: 'the file was not read yet.' };
  #status: ConfigStatus;

  constructor(
    readonly file: string,
    readonly subjects: ConfigSubjects,
    readonly events: ConfigEvents,
  ) {
    this.#watch = new FileWatch(file, (content) => this.#take(content));
    this.#letGo = keepSignals([...subjects.pools.values()].map(({ options }) => options));
    const error = { message: 'the file was not read yet.', line: null, column: null };
    this.#status = { file, state: 'invalid', at: Date.now(), appliedAt: null, error };
  }

  get status(): ConfigStatus {
    return this.#status;
  }

  /** Reads the file now, and applies it or says what is wrong with it. */
  load(): void {
    this.#content = readContentSync(this.file);
    this.#take(this.#content);
  }

  /** From now on the file is applied whenever it changes. */
  start(): void {
    this.#watch.start(this.#content);
  }

  stop(): void {
    this.#watch.stop();
    this.#letGo();
  }

  #take(content: FileContent): void {
    const before = this.#status;
    try {
      if ('problem' in content) throw new ConfigProblem(content.problem);
      const changes = this.#apply(content.text);
      const at = Date.now();
      this.#status = Object.freeze({ file: this.file, state: 'applied', at, appliedAt: at, error: null });
      this.events.applied(changes);
      if (before.state === 'invalid' && before.appliedAt !== null) this.events.recovered();
    } catch (error) {
      const { message, line, column } = asProblem(error);
      const fault = Object.freeze({ message, line, column });
      const { appliedAt } = before;
      this.#status = Object.freeze({ file: this.file, state: 'invalid', at: Date.now(), appliedAt, error: fault });
      this.events.refused(fault);
    }
  }

  /** All of it, or nothing: what may be refused is done before anything changes. */
  #apply(text: string): readonly (OptionChange & { readonly pool: string | null })[] {
    const { options, locate } = parseConfig(text, [...this.subjects.pools.keys()]);
    const prepared: PreparedPool[] = [];
    let budget: PreparedBudget | null;
    try {
      for (const [name, subject] of this.subjects.pools) {
        const change = subject.pool.prepare(mergedPool(subject.options, options.pools?.[name]));
        prepared.push({ name, change });
      }
      budget = this.#prepareBudget(options, prepared);
    } catch (error) {
      for (const { change } of prepared) change.discard();
      throw locate(error);
    }
    return this.#switch(prepared, budget);
  }

  #switch(prepared: readonly PreparedPool[], budget: PreparedBudget | null) {
    budget?.apply();
    const shared = budget?.changes ?? [];
    const sharers = new Set(this.subjects.budget?.budget.read().pools.map(({ name }) => name));
    const own = prepared.flatMap(({ name, change }) => {
      const changes = change.apply(this.file, sharers.has(name) ? shared : []);
      return changes.map((told) => ({ pool: name, ...told }));
    });
    return [...shared.map((told) => ({ pool: null, ...told })), ...own];
  }

  #prepareBudget(options: FileOptions, prepared: readonly PreparedPool[]): PreparedBudget | null {
    const { budget } = this.subjects;
    if (budget) {
      const bounds = new Map(prepared.map(({ name, change }) => [name, change.bounds]));
      return budget.budget.prepare(mergedBudget(budget.options, options.budget), bounds);
    }
    if (options.budget === undefined || isDeepStrictEqual(options.budget, {})) return null;
    throw new PoolConfigError(
      'budget: the pools of this application share none. Give forRoot(), or the options of forRootAsync(), a budget, which a file can then change.',
      { option: 'budget' },
    );
  }
}
