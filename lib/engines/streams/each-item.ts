const preparations = new WeakMap<object, (item: unknown) => unknown>();

/** Has each item of a stream go through `prepare` before it is sent. Returns the stream itself; anything else as it is. */
export function forEachItem<S>(stream: S, prepare: (item: unknown) => unknown): S {
  if (typeof stream === 'object' && stream !== null) preparations.set(stream, prepare);
  return stream;
}

/** What `forEachItem` was told about this stream. */
export function preparationOf(stream: object): ((item: unknown) => unknown) | null {
  return preparations.get(stream) ?? null;
}
