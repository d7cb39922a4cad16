import { expect, test } from 'vitest';
import { SourceMarks } from './support/source-marks.js';
import { threadPool } from './support/thread-pool.js';

const numbers = Array.from({ length: 20 }, (_, n) => n);

test(
  'S2-E11: a slow reader holds up its own source, within bounds, and no other worker',
  { timeout: 8_000 },
  async () => {
    const pool = threadPool({ size: { min: 2, max: 2 } });
    const marks = new SourceMarks();
    let read = 0;
    for await (const n of pool.stream<number>('source', [marks.memory, 100_000])) {
      expect(n).toBe(read++);
      // What takes so long to read: all that the other worker does meanwhile.
      const doubled = await Promise.all(numbers.map((number) => pool.run<number>('double', [number])));
      expect(doubled).toEqual(numbers.map((number) => 2 * number));
      expect(marks.asked).toBeLessThanOrEqual(read + 16);
      if (read === 50) break;
    }
    expect(pool.snapshot().counters).toMatchObject({ completed: 50 * numbers.length, crashes: 0 });
  },
);
