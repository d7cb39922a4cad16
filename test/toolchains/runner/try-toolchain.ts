import { runScript } from '../../support/packed-library.js';
import { CommandFailed } from '../../support/run-command.js';
import type { NodeVersion } from './node-version.js';
import { prepare, type Workplace } from './prepare.js';
import type { Toolchain } from './toolchain.js';
import { judge, type Verdict } from './verdict.js';

const CHECK_MS = 180_000;

/** One cell of the table. */
export interface Trial extends Verdict {
  readonly toolchain: string;
  readonly title: string;
  readonly node: string;
  readonly ms: number;
}

/** Builds an application once, and runs it on each Node.js. */
export async function tryToolchain(
  toolchain: Toolchain,
  nodes: readonly NodeVersion[],
  workplace: Workplace,
): Promise<Trial[]> {
  const { name, title } = toolchain;
  const cell = ({ version }: NodeVersion) => ({ toolchain: name, title, node: version });
  let app: string;
  try {
    app = await prepare(toolchain, workplace);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return nodes.map((node) => ({ ...cell(node), ok: false, checks: {}, problem, ms: 0 }));
  }
  const trials: Trial[] = [];
  for (const node of nodes) {
    const begun = performance.now();
    const verdict = await checkOn(node, app);
    trials.push({ ...cell(node), ...verdict, ms: Math.round(performance.now() - begun) });
  }
  return trials;
}

async function checkOn({ env }: NodeVersion, app: string): Promise<Verdict> {
  try {
    return judge(await runScript(app, 'check', { env, timeoutMs: CHECK_MS }));
  } catch (error) {
    if (error instanceof CommandFailed) return judge(error);
    throw error;
  }
}
