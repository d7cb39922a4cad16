import { types } from 'node:util';
import type { Transferable } from 'node:worker_threads';
import { TaskCloneError } from '../../../core/errors.js';
import { byteLengthOf } from './buffers.js';
import { describe, isClass, isMovable, partsOf, type Uncloneable } from './value-parts.js';

const MAX_DEPTH = 200;
const MAX_OBJECTS = 1_000_000;

const ADVICE = {
  args: {
    refused: 'cannot be sent to a worker thread',
    wayOut: 'Send plain data, transfer it, or create it inside the worker.',
  },
  context: {
    refused: 'cannot be sent to a worker thread',
    wayOut: "Let that carrier's capture() return plain data only.",
  },
  result: {
    refused: 'cannot be sent back from a worker thread',
    wayOut: 'Return plain data, or move it with transfer().',
  },
  items: {
    refused: 'cannot be sent from a worker thread',
    wayOut: 'Yield plain data, or move it with transfer().',
  },
  progress: {
    refused: 'cannot be sent from a worker thread',
    wayOut: 'Report plain data.',
  },
  thrown: {
    refused: 'cannot be sent to another thread',
    wayOut: 'Throw an Error or plain data.',
  },
} as const;

/**
 * Finds the first part of `value` that structured clone refuses; `null` when there is none. Meant for after a
 * DataCloneError: it reads getters and clones class instances to test them. Objects in `transfer` count as fine.
 * Contents of collections read `root.get("key")`, `root<key 0>`, `root<value 0>` and `root<item 0>`. A part more
 * than 200 levels down, or beyond a million objects, is not named: the answer is then `root` itself. Never throws.
 */
export function findUncloneable(
  value: unknown,
  root: string,
  transfer: readonly Transferable[] = [],
): Uncloneable | null {
  const search = new Search(transfer);
  const found = search.visit(value, root, 0);
  return search.gaveUp ? { path: root, what: 'a structure too deep or too large to search' } : found;
}

/**
 * Whether structured clone refused a value or a transfer list. Node 20 reports an object that must be transferred as a
 * TypeError of its own, everything else as a `DataCloneError`. An error that a getter threw, or the RangeError for a
 * value nested too deeply, is neither.
 */
export function isCloneError(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === 'DataCloneError';
  return error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST';
}

/**
 * The error that tells which part of `value` could not be cloned, and the way out; its `path` is that part.
 *
 * `value` is what was to be sent (the array of arguments, the result, an item, what was thrown), `root` what its path begins
 * with, `cause` what sending it threw, `transfer` what was to move along.
 */
export function cloneError(
  pool: string | undefined,
  task: string | undefined,
  value: unknown,
  root: 'args' | 'context' | 'result' | 'progress' | `items[${number}]` | `thrown${string}`,
  cause?: unknown,
  transfer?: readonly Transferable[],
): TaskCloneError {
  const { refused, wayOut } = ADVICE[/^\w+/.exec(root)![0] as keyof typeof ADVICE];
  const part = findUncloneable(value, root, transfer);
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  const fact = part === null ? `${root} ${refused}${detail}` : `${part.path} is ${part.what} and ${refused}`;
  const options = { pool, path: part?.path ?? root, ...(cause !== undefined && { cause }) };
  return new TaskCloneError(`${prefix(pool, task)}${fact}. ${wayOut}`, options);
}

function prefix(pool: string | undefined, task: string | undefined): string {
  const site = [pool === undefined ? '' : `pool '${pool}'`, task === undefined ? '' : `task '${task}'`];
  const named = site.filter((part) => part !== '').join(', ');
  return named === '' ? '' : `${named}: `;
}

class Search {
  gaveUp = false;
  readonly #seen = new Set<object>();
  readonly #transferred: ReadonlySet<unknown>;
  #transferredMet = 0;

  constructor(transfer: readonly Transferable[]) {
    this.#transferred = new Set(transfer);
  }

  visit(value: unknown, path: string, depth: number): Uncloneable | null {
    if (typeof value === 'function') return { path, what: isClass(value) ? 'a class' : 'a function' };
    if (typeof value === 'symbol') return { path, what: 'a symbol' };
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return null;
    if (this.#transferred.has(value)) {
      this.#transferredMet++;
      return null;
    }
    this.#seen.add(value);
    if (types.isProxy(value)) return { path, what: 'a Proxy' };
    if (types.isModuleNamespaceObject(value)) return { path, what: 'a module' };
    const container = isContainer(value);
    if (!container && (isFilledMemory(value) || isCloneable(value))) return null;
    if (isMovable(value)) return { path, what: describe(value) };
    return this.#visitParts(value, path, depth, container);
  }

  #visitParts(value: object, path: string, depth: number, container: boolean): Uncloneable | null {
    if (depth === MAX_DEPTH || this.#seen.size > MAX_OBJECTS) {
      if (isCloneable(value)) return null;
      this.gaveUp = true;
      return { path, what: 'unsearched' };
    }
    const transferredBefore = this.#transferredMet;
    for (const part of partsOf(value, path)) {
      const found = 'what' in part ? part : this.visit(part.value, part.path, depth + 1);
      if (found !== null) return found;
    }
    // A refused object without a refused part is itself to blame, unless what moves along made it look refused.
    return container || this.#transferredMet > transferredBefore ? null : { path, what: describe(value) };
  }
}

/** Objects that structured clone takes apart and never refuses themselves. */
function isContainer(value: object): boolean {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value)) return true;
  if (types.isArgumentsObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Memory is cloneable unless it moved away, and may be too large to try. */
function isFilledMemory(value: object): boolean {
  return (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) && byteLengthOf(value) > 0;
}

function isCloneable(value: object): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
