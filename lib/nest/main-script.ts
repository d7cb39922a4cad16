import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXTENSION = /\.[cm]?[jt]sx?$/;
/** Code that asks whether it is the program, or in a thread, before it starts anything. */
const GUARD = /\brequire\.main\b|\bimport\.meta\.main\b|\bisMainThread\b|\bprocess\.argv\[1\]/;

/** Whether a file is the one that Node was started with, and would start the application again where it is imported. */
export function restartsApplication(file: string, source: string, script = process.argv[1]): boolean {
  if (script === undefined || GUARD.test(source)) return false;
  return withoutExtension(fileURLToPath(file)) === withoutExtension(script);
}

/** `node dist/main` leaves it out. */
function withoutExtension(file: string): string {
  try {
    return realpathSync(file).replace(EXTENSION, '');
  } catch {
    return file.replace(EXTENSION, '');
  }
}
