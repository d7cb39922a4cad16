import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** After this the command and what it started are killed. Default: 60,000. */
  readonly timeoutMs?: number;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that did not end by itself with exit code 0. */
export class CommandFailed extends Error {
  constructor(
    command: string,
    /** What became of it, without what it printed. */
    readonly reason: string,
    readonly output: CommandOutput,
  ) {
    super(`${command} ${reason}. ${endOf(output)}`);
  }
}

/** Groups of processes that run now. */
const running = new Set<number>();

/**
 * Runs a command in a process group of its own and gives what it printed.
 * @throws CommandFailed with the end of what it printed.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, timeoutMs = 60_000 }: CommandOptions,
): Promise<CommandOutput> {
  const child = spawn(command, args, { cwd, env: withoutNpm(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  const group = child.pid;
  if (group !== undefined) running.add(group);
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    if (group !== undefined) killGroup(group);
  }, timeoutMs);
  try {
    const [code] = await closed;
    const told = [command.split('/').at(-1), ...args].join(' ');
    if (isLate) throw new CommandFailed(told, `had not ended after ${timeoutMs} ms`, output);
    if (code !== 0) throw new CommandFailed(told, `ended with exit code ${code}`, output);
    return output;
  } finally {
    clearTimeout(deadline);
    if (group !== undefined) running.delete(group);
  }
}

/** Kills what was started here and still runs. */
export function killRunning(): void {
  for (const group of running) killGroup(group);
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** Where these tests run as a script of npm, its settings are not those of the command. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name)));
}

function endOf({ stdout, stderr }: CommandOutput): string {
  return `${stdout}\n${stderr}`.trim().slice(-3000);
}
