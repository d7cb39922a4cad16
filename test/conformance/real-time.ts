import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import type { EngineHarness } from './subject.js';

/** How engines go on in real time. */
export const REAL_TIME: Pick<EngineHarness, 'until' | 'linger'> = {
  until: (isMet) =>
    vi.waitFor(
      () => {
        if (!isMet()) throw new Error('what was waited for did not come');
      },
      { timeout: 10_000, interval: 2 },
    ),
  async linger() {
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  },
};
