import { createHash } from 'node:crypto';
import { promises } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { refused } from './refused.js';

/** The files of the page by what is asked for, and nothing else: no path is made of a request. */
const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
} as const;

export type PageFileName = keyof typeof TYPES;

export interface PageFile {
  readonly text: string;
  readonly type: string;
  readonly etag: string;
}

/** The prebuilt page, read once. */
export class PageFiles {
  readonly #read = new Map<PageFileName, PageFile>();

  /** `null`: there is no such package around, as in an application that was bundled into one file. */
  constructor(readonly directory: string | null = builtPage()) {}

  /** @throws Refused 503 where the page was not built. */
  async get(name: PageFileName): Promise<PageFile> {
    const known = this.#read.get(name);
    if (known) return known;
    if (this.directory === null) throw notBuilt();
    const text = await promises.readFile(path.join(this.directory, name), 'utf8').catch(() => {
      throw notBuilt();
    });
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    const file = { text, type: TYPES[name], etag };
    this.#read.set(name, file);
    return file;
  }
}

function notBuilt() {
  const message =
    'the page was not built: this copy of nestjs-dynamic-pool lacks dist/bundle/ui. `npm run build` makes it.';
  return refused(503, message);
}

/** From the root of this package, wherever in it this code was bundled to. */
function builtPage(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('nestjs-dynamic-pool/package.json');
    return path.join(path.dirname(manifest), 'dist', 'bundle', 'ui');
  } catch {
    return null;
  }
}
