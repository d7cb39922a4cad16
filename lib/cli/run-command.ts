import { type Command, CommandFailure, EXIT, type ExitCode, type Output, UsageError } from './command.js';
import { commandHelp } from './help.js';
import { parseCommand } from './parse-command.js';
import { processSurroundings } from './process-surroundings.js';
import type { Surroundings } from './surroundings.js';
import { clean } from './text/clean.js';

/** Runs one command with its own arguments, and tells the exit code; what goes wrong is written to `output.err`. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  output: ProgramOutput,
  surroundings: Surroundings = processSurroundings,
): Promise<ExitCode> {
  try {
    if (args.some(isHelp)) {
      output.out(commandHelp(command, output.program));
      return EXIT.done;
    }
    const { values, positionals } = parseCommand(command, args);
    return await command.run(values, output, positionals, surroundings);
  } catch (error) {
    return complaint(error, output);
  }
}

/** Where a program writes, and what it is called by: `dynamic-pool size`. */
export interface ProgramOutput extends Output {
  readonly program: string;
}

/** Writes what went wrong, and tells the exit code. */
export function complaint(error: unknown, { program, err }: ProgramOutput): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError;
  // `npm run load --` ends in what npm wants before options.
  err(`${program.replace(/ --$/, '')}: ${clean(message)}\n${isUsage ? `See ${program} --help.\n` : ''}`);
  if (error instanceof CommandFailure) return error.exitCode;
  return isUsage ? EXIT.usage : EXIT.failed;
}

export function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}
