import { describe, expect, it } from 'vitest';
import { workers } from '../../../../lib/cli/words/describe.js';
import { poolView } from '../../../support/pool-views.js';

describe('the workers of a pool in words (O4)', () => {
  it('have a heap once it was measured, and use full percents of their event loop', () => {
    const [busy, idle] = poolView().workers;
    const lines = workers({ workers: [busy!, { ...idle!, heapMb: 0, elu: 0.0000538 }] }, (_, text) => text);
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['WORKER', 'STATE', 'AGE', 'HEAP', 'LOOP', 'DELAY', 'TASK'],
      ['1', 'busy', '12m34s', '18 MB', '82 %', '48ms', 'Images.thumbnail'],
      ['2', 'idle', '1m35s', '–', '0 %', '0ms'],
    ]);
  });
});
