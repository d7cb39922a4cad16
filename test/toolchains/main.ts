// Packs the library, builds an application with each toolchain around it, runs each on Node.js 20 and 24, and prints a
// table. Exit code 0 if all is well, 1 if not, 2 for a wrong call.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packLibrary } from '../support/packed-library.js';
import { killRunning } from '../support/run-command.js';
import { findNode, type NodeVersion } from './runner/node-version.js';
import { faults, table } from './runner/table.js';
import { readToolchains, type Toolchain } from './runner/toolchain.js';
import { tryToolchain, type Trial } from './runner/try-toolchain.js';

const AT_ONCE = 2;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HERE = path.join(ROOT, 'test/toolchains');

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    node: { type: 'string', multiple: true, default: ['20', '24'] },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const toolchains = readToolchains(path.join(HERE, 'apps'), values.only);
if (toolchains.length === 0 || !values.node.every((major) => /^\d+$/.test(major))) {
  const names = readToolchains(path.join(HERE, 'apps')).map(({ name }) => name);
  process.stderr.write(
    `usage: npm run test:toolchains -- [--only NAME] [--node 20]... [--json] [--keep]\nNAME, or a part of it: ${names.join(', ')}\n`,
  );
  process.exit(2);
}

// macOS and others reach their temporary folder through a link, and Node follows links to files that it loads.
const home = await realpath(await mkdtemp(path.join(tmpdir(), 'toolchains-')));
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
  process.once(signal, () => {
    killRunning();
    void rm(home, { recursive: true, force: true }).finally(() => process.exit(code));
  });
}
try {
  const trials = await tryAll();
  if (values.json) process.stdout.write(`${JSON.stringify({ rows: trials })}\n`);
  else process.stdout.write(`\n${table(trials)}\n`);
  const good = trials.filter(({ ok }) => ok).length;
  if (!values.json) process.stdout.write(`${good} passed, ${trials.length - good} failed\n`);
  process.exitCode = good === trials.length ? 0 : 1;
} finally {
  killRunning();
  if (values.keep) process.stderr.write(`kept in ${home}\n`);
  else await rm(home, { recursive: true, force: true });
}

async function tryAll(): Promise<Trial[]> {
  const workplace = {
    home,
    tarball: await packLibrary(ROOT, home),
    shared: path.join(HERE, 'shared'),
  };
  const nodes: NodeVersion[] = [];
  for (const major of values.node) nodes.push(await findNode(major, home));
  const trials = new Map<Toolchain, Trial[]>();
  const queue = toolchains.values();
  const work = async () => {
    for (const toolchain of queue) {
      const done = await tryToolchain(toolchain, nodes, workplace);
      trials.set(toolchain, done);
      for (const trial of done) report(trial);
      if (!values.keep) await rm(path.join(home, toolchain.name), { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return toolchains.flatMap((toolchain) => trials.get(toolchain)!);
}

/** On the way, since all of them take minutes. */
function report(trial: Trial): void {
  const { toolchain, node, ok, ms } = trial;
  process.stderr.write(`${toolchain} on Node ${node}: ${ok ? 'ok' : 'failed'} (${ms} ms)\n`);
  for (const fault of faults(trial)) process.stderr.write(`  ${fault}\n`);
}
