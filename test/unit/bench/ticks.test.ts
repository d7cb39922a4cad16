import { describe, expect, it } from 'vitest';
import { costByTraffic, heapGrowth } from '../../../bench/ticks/tick-memory.js';

describe('a tick of an autoscaler (A2)', () => {
  it('allocates as much with fifty thousand tasks in the window as with a thousand', async () => {
    const [thousand, many] = await costByTraffic([1_000, 50_000], 5, 2_000);
    // Fifty times the tasks; what the compiler inlines in one of the two and not in the other is a quarter.
    expect(many!.bytesPerTick / thousand!.bytesPerTick).toBeLessThan(1.5);
    // A number for each of a thousand tasks would be more than this.
    expect(thousand!.bytesPerTick).toBeGreaterThan(500);
    expect(thousand!.bytesPerTick).toBeLessThan(6_000);
  });

  it('leaves nothing behind: the heap is the same after 100,000 of them', async () => {
    const { beforeBytes, afterBytes } = await heapGrowth(100_000, 10_000);
    // Whatever is kept of a tick takes a word at least.
    expect(afterBytes - beforeBytes).toBeLessThan(8 * 100_000);
  });
});
