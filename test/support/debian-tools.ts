import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program, or `null`, with a notice that tells which tests are skipped and what would run them. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  process.stderr.write(`Notice: tests that need ${name} are skipped; scripts/install-debian-tools.sh installs it.\n`);
  return null;
}
