import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePatch, type FilePatch } from './patch.js';

/** One bug: how to put it in, and the test that is to notice. */
export interface Bug {
  readonly id: string;
  /** The patch's first line says what the bug is. */
  readonly title: string;
  readonly patches: readonly FilePatch[];
  /** The compiled test, relative to the root of the repository. */
  readonly test: string;
}

/** What cannot be tried, and why. */
export interface Gap {
  readonly id: string;
  readonly problem: string;
}

const ID = /^S\d-[BE]\d\d(?=\.)/;

/** The bugs of a folder, or those of them that are asked for; and where a patch or a test is missing. */
export function readCatalogue(folder: string, wanted: readonly string[]): { bugs: Bug[]; gaps: Gap[] } {
  const names = readdirSync(folder);
  const idsWith = (ending: string) =>
    new Set(names.filter((name) => name.endsWith(ending)).flatMap((name) => ID.exec(name)?.[0] ?? []));
  const [patched, tested] = [idsWith('.patch'), idsWith('.test.ts')];
  const ids = [...new Set(wanted.length > 0 ? wanted : [...patched, ...tested])].sort();
  return {
    bugs: ids.filter((id) => patched.has(id) && tested.has(id)).map((id) => readBug(folder, id)),
    gaps: [
      ...ids.filter((id) => !patched.has(id)).map((id) => ({ id, problem: `there is no ${id}.patch` })),
      ...ids.filter((id) => !tested.has(id)).map((id) => ({ id, problem: `there is no ${id}.test.ts` })),
    ],
  };
}

function readBug(folder: string, id: string): Bug {
  const text = readFileSync(path.join(folder, `${id}.patch`), 'utf8');
  const [title = ''] = text.split('\n', 1);
  return { id, title, patches: parsePatch(text), test: `dist/test/bugs/${id}.test.js` };
}
