/** Loads the module at a URL. */
export type LoadFile = (url: string) => Promise<Record<string, unknown>>;

let load: LoadFile = (url) => import(/* webpackIgnore: true */ url) as Promise<Record<string, unknown>>;

/** Loads a file of the user's code, inside a thread. */
export const loadFile: LoadFile = (url) => load(url);

/** Changes how this thread loads files: for sources that are not JavaScript yet. */
export function loadFilesWith(own: LoadFile): void {
  load = own;
}
