import { createRequire } from 'node:module';
import { suggest } from '../core/validate.js';
import { type Command, EXIT, type ExitCode, type Output, UsageError } from './command.js';
import { COMMANDS } from './commands/index.js';
import { commandHelp, toolHelp } from './help.js';
import { processSurroundings } from './process-surroundings.js';
import { redactor } from './redact.js';
import { complaint, isHelp, runCommand } from './run-command.js';
import type { Surroundings } from './surroundings.js';

const PROGRAM = 'dynamic-pool';

/**
 * Runs one command line, without the name of the program, and tells the exit code. It never throws: what goes wrong is
 * written to `output.err`. Whatever is written, the token is not in it.
 */
export async function runCli(
  args: readonly string[],
  unsafe: Output,
  surroundings: Surroundings = processSurroundings,
): Promise<ExitCode> {
  const redact = redactor(surroundings.env['DYNAMIC_POOL_TOKEN']);
  const output: Output = { out: (text) => unsafe.out(redact(text)), err: (text) => unsafe.err(redact(text)) };
  const [name, ...rest] = args;
  try {
    if (name === undefined) throw new UsageError('Which command?');
    if (isHelp(name) || (name === 'help' && rest.length === 0)) return written(output, toolHelp(COMMANDS));
    if (name === 'help') return written(output, commandHelp(commandNamed(rest[0]!), `${PROGRAM} ${rest[0]!}`));
    if (name === '--version') return written(output, `${version()}\n`);
    return await runCommand(commandNamed(name), rest, { ...output, program: `${PROGRAM} ${name}` }, surroundings);
  } catch (error) {
    return complaint(error, { ...output, program: PROGRAM });
  }
}

function commandNamed(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  throw new UsageError(`There is no command '${name}'.${suggest(name, names)} Commands: ${names.join(', ')}.`);
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
