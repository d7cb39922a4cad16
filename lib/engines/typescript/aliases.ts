import path from 'node:path';
import type { TsProject } from './ts-project.js';

/** The files, without regard to whether they exist, that a project's `paths` and `baseUrl` let an import without a dot mean. */
export function aliased(specifier: string, { aliases, aliasesFrom, baseUrl }: TsProject): readonly string[] {
  const [pattern, rest] = bestMatch(specifier, Object.keys(aliases)) ?? [];
  const targets = pattern === undefined ? [] : aliases[pattern]!;
  const files = targets.map((target) => path.resolve(aliasesFrom, target.replace('*', rest!)));
  return baseUrl === null ? files : [...files, path.resolve(baseUrl, specifier)];
}

/** The pattern that fits best, as TypeScript has it: the very name, else the longest part before the star. */
function bestMatch(specifier: string, patterns: readonly string[]): readonly [string, string] | null {
  if (patterns.includes(specifier)) return [specifier, ''];
  let best: readonly [string, string] | null = null;
  let length = -1;
  for (const pattern of patterns) {
    const [before, after, ...more] = pattern.split('*');
    if (after === undefined || more.length > 0 || before!.length <= length) continue;
    const fits = specifier.length >= pattern.length - 1 && specifier.startsWith(before!) && specifier.endsWith(after);
    if (!fits) continue;
    length = before!.length;
    best = [pattern, specifier.slice(length, specifier.length - after.length)];
  }
  return best;
}
