import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { Check } from './checks';

export const moreChecks: readonly Check[] = [
  {
    // TypeScript keeps to what Node 16 could do, for any package that is made of ES modules.
    name: 'module node16 is refused by tsc',
    async run() {
      const tsc = require.resolve('typescript/bin/tsc');
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.node16.json'], { encoding: 'utf8' });
      assert.notEqual(status, 0);
      assert.match(stdout, /error TS1479: The current file is a CommonJS module/);
    },
  },
];
