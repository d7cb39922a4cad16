/** Options of Node.js that load something ahead of the program; in one argument with its value, or in two. */
const PRELOAD = /^(?:-r|--require|--import|--loader|--experimental-loader)(?:=|$)/;
/** Packages that load TypeScript for the application. */
const RUNNER =
  /(?:^|[\\/])(?:tsx|ts-node|@swc-node[\\/]register|@swc[\\/]register|@oxc-node[\\/]core|esbuild-register|esbuild-runner|sucrase|jiti)(?:[\\/]|$)/;

/**
 * Options of Node.js without those by which a runner loads sources, or `null` if there are none of those. A thread has
 * its own way to load sources: with a runner's besides, it takes longer to boot, and some turn ES modules into second,
 * CommonJS copies of themselves.
 */
export function withoutRunners(execArgv: readonly string[]): string[] | null {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i++) {
    const option = execArgv[i]!;
    const [name, ...value] = PRELOAD.test(option) ? option.split('=') : [];
    const isPair = name !== undefined && value.length === 0;
    const loaded = isPair ? execArgv[i + 1] : value.join('=');
    const own = isPair ? execArgv.slice(i, i + 2) : [option];
    if (name === undefined || !RUNNER.test(loaded ?? '')) kept.push(...own);
    i += own.length - 1;
  }
  return kept.length === execArgv.length ? null : kept;
}
