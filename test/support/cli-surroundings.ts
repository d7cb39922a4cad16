import type { Surroundings } from '../../lib/cli/surroundings.js';

export interface SurroundingsOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** A terminal that is none: keys, sizes and Ctrl-C come from the test, which sees who still listens. */
export interface FakeSurroundings extends Surroundings {
  press(bytes: string): void;
  resizeTo(columns: number, rows: number): void;
  interrupt(): void;
  /** How many listen to keys, sizes and interrupts. */
  listeners(): number;
}

export function surroundings(options: SurroundingsOptions = {}): FakeSurroundings {
  const keys = new Set<(bytes: string) => void>();
  const sizes = new Set<() => void>();
  const interrupts = new Set<() => void>();
  let { columns = 80, rows = 24 } = options;
  const listen = <T>(set: Set<T>, listener: T) => {
    set.add(listener);
    return () => void set.delete(listener);
  };
  return {
    env: options.env ?? {},
    terminal: {
      isTTY: options.isTTY ?? false,
      get columns() {
        return columns;
      },
      get rows() {
        return rows;
      },
      onResize: (listener) => listen(sizes, listener),
      onKeys: (listener) => listen(keys, listener),
    },
    onInterrupt: (listener) => listen(interrupts, listener),
    press: (bytes) => keys.forEach((listener) => listener(bytes)),
    resizeTo(toColumns, toRows) {
      [columns, rows] = [toColumns, toRows];
      sizes.forEach((listener) => listener());
    },
    interrupt: () => interrupts.forEach((listener) => listener()),
    listeners: () => keys.size + sizes.size + interrupts.size,
  };
}
