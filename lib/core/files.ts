import { readdirSync, readFileSync } from 'node:fs';

/** What is read of a file system; tests bring their own. Both tell `null` for what is not there or may not be read. */
export interface FileReader {
  read(file: string): string | null;
  /** Names in a folder. */
  list(folder: string): readonly string[] | null;
}

/** The file system itself. Only for small files that the kernel makes up, such as those in /proc and /sys. */
export const systemFiles: FileReader = {
  read: (file) => orNull(() => readFileSync(file, 'utf8')),
  list: (folder) => orNull(() => readdirSync(folder)),
};

function orNull<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}
