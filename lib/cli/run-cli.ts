import { createRequire } from 'node:module';
import { suggest } from '../core/validate.js';
import { type Command, EXIT, type ExitCode, type Output, UsageError } from './command.js';
import { COMMANDS } from './commands/index.js';
import { commandHelp, toolHelp } from './help.js';
import { parseCommand } from './parse-command.js';

/**
 * Runs one command line, without the name of the program, and tells the exit code. It never throws: what goes wrong is
 * written to `output.err`.
 */
export async function runCli(args: readonly string[], output: Output): Promise<ExitCode> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) throw new UsageError('Which command?');
    if (isHelp(name)) return written(output, toolHelp(COMMANDS));
    if (name === '--version') return written(output, `${version()}\n`);
    const command = commandNamed(name);
    if (rest.some(isHelp)) return written(output, commandHelp(command));
    const { values, positionals } = parseCommand(command, rest);
    return await command.run(values, output, positionals);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      output.err(`dynamic-pool: ${error instanceof Error ? error.message : String(error)}\n`);
      return EXIT.failed;
    }
    const about = COMMANDS.some((command) => command.name === name) ? ` ${name}` : '';
    output.err(`dynamic-pool: ${error.message}\nSee dynamic-pool${about} --help.\n`);
    return EXIT.usage;
  }
}

function commandNamed(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  throw new UsageError(`There is no command '${name}'.${suggest(name, names)} Commands: ${names.join(', ')}.`);
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

function written(output: Output, text: string): ExitCode {
  output.out(text);
  return EXIT.done;
}

/** By the package's own name: this file is found elsewhere once it is packed. */
function version(): string {
  const { version } = createRequire(import.meta.url)('nestjs-dynamic-pool/package.json') as { version: string };
  return version;
}
