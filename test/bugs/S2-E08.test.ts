import { expect, test, vi } from 'vitest';
import { SourceMarks } from './support/source-marks.js';
import { threadPool } from './support/thread-pool.js';

test(
  'S2-E08: whoever reads three results of many and leaves, leaves no worker behind',
  { timeout: 8_000 },
  async () => {
    const pool = threadPool({ size: { min: 1, max: 1 } });
    const marks = new SourceMarks();
    const read: number[] = [];
    for await (const n of pool.stream<number>('source', [marks.memory, 1_000])) {
      read.push(n);
      if (read.length === 3) break;
    }
    await vi.waitFor(() => expect(marks.wasLeft).toBe(true), 3_000);
    for await (const doubled of pool.map<number, number>('double', [3, 4, 5, 6, 7])) {
      read.push(doubled);
      if (read.length === 6) break;
    }

    expect(read).toEqual([0, 1, 2, 6, 8, 10]);
    // The only worker is free again, and the pool waits for nobody at its end.
    expect(await pool.run('double', [21])).toBe(42);
    expect(marks.wasLeft).toBe(true);
    await pool.close();
    const { submitted, completed, cancelled } = pool.snapshot().counters;
    expect(submitted).toBe(completed + cancelled);
  },
);
