import type { FileReader } from '../../lib/core/files.js';

/** Files by path. A folder has what the paths say; changing the record changes the files. */
export function filesOf(files: Readonly<Record<string, string | undefined>>): FileReader {
  return {
    read: (file) => files[file] ?? null,
    list(folder) {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${folder}/`) && files[file] !== undefined);
      const names = new Set(inside.map((file) => file.slice(folder.length + 1).split('/')[0]!));
      return names.size > 0 ? [...names] : null;
    },
  };
}
