import type { Trial } from './try-toolchain.js';

/** A row for each toolchain, a column for each Node.js. */
export function table(trials: readonly Trial[]): string {
  const versions = [...new Set(trials.map(({ node }) => node))];
  const names = [...new Set(trials.map(({ toolchain }) => toolchain))];
  const rows = names.map((name) => {
    const own = trials.filter(({ toolchain }) => toolchain === name);
    const cells = versions.map((version) => (own.find(({ node }) => node === version)?.ok ? 'ok' : 'failed'));
    return [name, own[0]!.title, ...cells];
  });
  return aligned([['toolchain', 'what', ...versions.map((version) => `Node ${version}`)], ...rows]);
}

/** What went wrong in one cell, a line each. */
export function faults({ toolchain, node, checks, problem }: Trial): string[] {
  const failed = Object.entries(checks).filter(([, outcome]) => outcome !== true);
  const told = problem === null ? failed.map(([name, outcome]) => `${name}: ${firstLines(outcome)}`) : [problem];
  return told.map((line) => `${toolchain} on Node ${node}: ${line}`);
}

/** The rest are stack traces; `--json` has them. */
function firstLines(outcome: true | string): string {
  return String(outcome).split('\n').slice(0, 3).join(' ').slice(0, 500);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
