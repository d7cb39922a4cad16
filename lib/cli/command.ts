import type { Surroundings } from './surroundings.js';

/** Where a command writes. Results go to `out`, what is wrong to `err`, so that a pipe gets results only. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** The exit codes of every command. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An option of a command; a flag takes no value. */
export interface OptionSpec {
  readonly type: 'value' | 'flag';
  /** One letter, as in `-f`. */
  readonly short?: string;
  /** What stands for the value in the help, as in `RATE`. */
  readonly shown?: string;
  readonly about: string;
  /** What a shell completes the value by: words, names of pools, or files. Default: nothing. */
  readonly completes?: readonly string[] | 'pool' | 'file';
}

/** What was given: a text for an option with a value, true for a flag; left out where it was not given. */
export type OptionValues = Readonly<Record<string, string | true | undefined>>;

/** One command, in a file of its own. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly about: string;
  /** What follows the name, for the first line of the help. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** How many arguments without dashes it takes at most. Default 0. */
  readonly arguments?: number;
  /** What a shell completes the first of those by. Default: nothing. */
  readonly completes?: readonly string[] | 'pool';
  /**
   * @throws UsageError where an option is not what it must be.
   * @throws CommandFailure where it cannot do what it was told.
   */
  run(
    values: OptionValues,
    output: Output,
    positionals: readonly string[],
    surroundings: Surroundings,
  ): Promise<ExitCode> | ExitCode;
}

/** The command line is wrong: the message says how, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It was refused, or could not be reached, or failed: the message says what to do next. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    /** Whether the same may well be accepted later. */
    readonly passes = false,
  ) {
    super(message);
  }
}
