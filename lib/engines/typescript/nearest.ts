import path from 'node:path';

/** Looks for something in a folder and those above it, and remembers what it found for each folder. */
export function nearest<T>(look: (folder: string) => T | null): (folder: string) => T | null {
  const known = new Map<string, T | null>();
  const find = (folder: string): T | null => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const parent = path.dirname(folder);
    const found = look(folder) ?? (parent === folder ? null : find(parent));
    known.set(folder, found);
    return found;
  };
  return find;
}
