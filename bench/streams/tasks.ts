/** Small items, as tasks yield them. */
export const items = {
  numbers: (i: number): unknown => i,
  texts: (i: number): unknown => `item ${i}`,
  objects: (i: number): unknown => ({ id: i, name: `item ${i}`, price: i / 7 }),
};

export type Kind = keyof typeof items;

export async function* yielded(kind: Kind, count: number): AsyncGenerator<unknown> {
  const make = items[kind];
  for (let i = 0; i < count; i++) yield make(i);
}

/** As fast as the thread can: for how far ahead of its reader it gets. */
export async function* counted(count: number, asked: SharedArrayBuffer): AsyncGenerator<number> {
  const words = new Int32Array(asked);
  for (let i = 0; i < count; i++) {
    words[0]!++;
    yield i;
  }
}
