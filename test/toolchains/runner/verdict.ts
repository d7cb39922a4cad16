import { CommandFailed, type CommandOutput } from '../../support/run-command.js';

/** What every toolchain must show, beside that its process ends by itself: the names in shared/src/checks.ts. */
export const REQUIRED = ['plain class', 'injected class', 'Nest exception', 'own error class', 'abort'];

export interface Verdict {
  readonly ok: boolean;
  /** Of each check `true`, or what went wrong. */
  readonly checks: Readonly<Record<string, true | string>>;
  /** What kept the checks from being told. */
  readonly problem: string | null;
}

/** Judges an application by the last line of JSON that its `check` printed, and by how it ended. */
export function judge(ended: CommandOutput | CommandFailed): Verdict {
  const failure = ended instanceof CommandFailed ? ended : null;
  const told = toldChecks((failure?.output ?? (ended as CommandOutput)).stdout);
  if (!told) return { ok: false, checks: {}, problem: failure?.message ?? 'it printed no line with checks' };
  const missing = REQUIRED.filter((name) => !(name in told)).map((name) => [name, 'was not checked'] as const);
  const checks = { ...told, ...Object.fromEntries(missing), exit: failure ? failure.reason : (true as const) };
  return { ok: Object.values(checks).every((outcome) => outcome === true), checks, problem: null };
}

function toldChecks(stdout: string): Record<string, true | string> | null {
  for (const line of stdout.split('\n').toReversed()) {
    if (!line.startsWith('{')) continue;
    try {
      const { checks } = JSON.parse(line) as { checks?: Record<string, true | string> };
      if (checks) return checks;
    } catch {
      // A line of something else.
    }
  }
  return null;
}
