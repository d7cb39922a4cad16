/** What may be given to an Observable; rxjs takes one with all of these for a subscriber of its own. */
export interface Subscriber {
  readonly closed: boolean;
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
  add(teardown: unknown): void;
  remove(teardown: unknown): void;
  unsubscribe(): void;
}

/** Whatever pushes: rxjs, and others that follow the same convention. */
export interface Subscribable {
  subscribe(subscriber: Subscriber): unknown;
}

/** Where the items of a stream come from. */
export type StreamSource =
  | { readonly kind: 'pushes'; readonly from: Subscribable }
  | { readonly kind: 'async'; readonly from: AsyncIterable<unknown> }
  | { readonly kind: 'sync'; readonly from: Iterable<unknown> };

type Symbols = { readonly observable?: symbol };

/** An async iterable or an Observable; `null` for what is a value to most people. */
export function streamOf(value: unknown): StreamSource | null {
  if (typeof value !== 'object' || value === null) return null;
  // First: what can be both (Observables of the future) would be buffered without end as an iterable.
  const observable = interop(value);
  if (observable) return { kind: 'pushes', from: observable };
  return Symbol.asyncIterator in value ? { kind: 'async', from: value as AsyncIterable<unknown> } : null;
}

/** As `streamOf`; also iterables (an array, a generator; neither texts nor bytes), and whatever can be subscribed to. */
export function anyStreamOf(value: unknown): StreamSource | null {
  const stream = streamOf(value);
  if (stream || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return stream;
  if (Symbol.iterator in value) return { kind: 'sync', from: value as Iterable<unknown> };
  return isSubscribable(value) ? { kind: 'pushes', from: value } : null;
}

function interop(value: object): Subscribable | null {
  const { observable } = Symbol as Symbols;
  for (const key of observable ? [observable, '@@observable'] : ['@@observable']) {
    const convert = (value as Record<PropertyKey, unknown>)[key];
    if (typeof convert !== 'function') continue;
    const converted: unknown = convert.call(value);
    if (typeof converted === 'object' && converted !== null && isSubscribable(converted)) return converted;
  }
  return null;
}

function isSubscribable(value: object): value is Subscribable {
  return typeof (value as Partial<Subscribable>).subscribe === 'function';
}
