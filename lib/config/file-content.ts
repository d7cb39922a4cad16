import { promises, readFileSync, statSync, type Stats } from 'node:fs';
import { show } from '../core/validate.js';

/** The longest file that is read, bytes: a configuration is some hundred lines. */
const LONGEST_FILE = 2 ** 20;

/** What stands in a file at one time, or why that cannot be told. */
export type FileContent = { readonly text: string } | { readonly problem: string };

export async function readContent(file: string): Promise<FileContent> {
  try {
    return refused(await promises.stat(file)) ?? decoded(await promises.readFile(file));
  } catch (error) {
    return unreadable(error);
  }
}

export function readContentSync(file: string): FileContent {
  try {
    return refused(statSync(file)) ?? decoded(readFileSync(file));
  } catch (error) {
    return unreadable(error);
  }
}

export function isSameContent(a: FileContent, b: FileContent): boolean {
  return 'text' in a ? 'text' in b && a.text === b.text : 'problem' in b && a.problem === b.problem;
}

/** Looked at before it is opened: opening a pipe would wait for a writer. */
function refused(stats: Stats): FileContent | null {
  if (!stats.isFile()) return { problem: 'this is no file that could be read: a directory, a pipe or a device.' };
  if (stats.size <= LONGEST_FILE) return null;
  return { problem: `the file has ${stats.size.toLocaleString('en-US')} bytes, but at most 1 MiB is read.` };
}

function decoded(bytes: Buffer): FileContent {
  if (bytes.length > LONGEST_FILE) return { problem: 'the file grew above 1 MiB while it was read.' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'the file is not UTF-8 text. Save it as UTF-8.' };
  }
}

function unreadable(error: unknown): FileContent {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { problem: 'there is no such file.' };
  return { problem: `the file cannot be read: ${code ?? show(message)}.` };
}
