/** The tasks. Every contender's workers run these very functions; only the way a buffer moves back is their own. */

export function noop(n: number): number {
  return n;
}

export async function asyncNoop(n: number): Promise<number> {
  return n;
}

export function echo(value: unknown): unknown {
  return value;
}

/** Leaves a mark in the buffer, so that a caller knows that a worker had it. */
export function exchange(buffer: ArrayBuffer): ArrayBuffer {
  const words = new Int32Array(buffer);
  words[0]! += 1;
  return buffer;
}

export function spin50us(n: number): number {
  spin(0.05);
  return n;
}

export function spin1ms(n: number): number {
  spin(1);
  return n;
}

function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
