import type { BufferPath } from './buffers.js';

/**
 * Something thrown, as data that can be cloned. An error that is met twice (a shared or cyclic cause) is the same
 * object both times, and cloning keeps it so.
 */
export type WireError = WireThrown | WireValue;

/** An error. */
export interface WireThrown {
  readonly kind: 'error';
  /** The class names along the prototype chain, its own class first. */
  readonly names: readonly string[];
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Further own properties, `cause` and `errors` among them. */
  readonly fields: readonly WireField[];
}

export interface WireField {
  readonly key: string;
  readonly enumerable: boolean;
  readonly value: WireError | WireList;
}

/** An array that holds errors. */
export interface WireList {
  readonly kind: 'list';
  readonly items: readonly WireError[];
}

/** Any other value, and where it holds a `Buffer`. */
export interface WireValue {
  readonly kind: 'value';
  readonly value: unknown;
  readonly buffers?: readonly BufferPath[] | null;
}
