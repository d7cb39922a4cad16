import { types } from 'node:util';
import { MessagePort, type Transferable } from 'node:worker_threads';
import { byteLengthOf } from './buffers.js';

const STREAMS = {
  '[object ReadableStream]': () => ReadableStream,
  '[object WritableStream]': () => WritableStream,
  '[object TransformStream]': () => TransformStream,
} as const;

/**
 * What of `values` can move instead of being copied, for `transfer: 'args' | 'result'`: ArrayBuffers, the buffers of
 * views that cover them whole, MessagePorts and web streams; each once. Looks at the values themselves, not into
 * them. A view of a part is left to be copied (a small `Buffer` shares its slab with others), as is shared memory.
 * Memory of WebAssembly cannot be told from other ArrayBuffers and refuses to move: `slice()` it first.
 */
export function collectTransferables(values: readonly unknown[]): Transferable[] {
  const found = new Set<Transferable>();
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    const movable = movablePart(value);
    if (movable !== null) found.add(movable);
  }
  return [...found];
}

function movablePart(value: object): Transferable | null {
  if (ArrayBuffer.isView(value)) {
    return byteLengthOf(value) === value.buffer.byteLength ? ownedBuffer(value.buffer) : null;
  }
  if (types.isAnyArrayBuffer(value)) return ownedBuffer(value);
  return value instanceof MessagePort || isWebStream(value) ? value : null;
}

/** An empty buffer has nothing to move, and may be one that moved already. */
function ownedBuffer(buffer: ArrayBufferLike): ArrayBuffer | null {
  return types.isArrayBuffer(buffer) && buffer.byteLength > 0 ? buffer : null;
}

/** Asks for the tag first: merely naming the classes makes Node load its implementation of web streams. */
function isWebStream(value: object): value is ReadableStream | WritableStream | TransformStream {
  const tag = Object.prototype.toString.call(value);
  return tag in STREAMS && value instanceof STREAMS[tag as keyof typeof STREAMS]();
}
