import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { wholeBundleChecks } from './bundle-checks.js';
import type { Check } from './checks.js';

export const moreChecks: readonly Check[] = [
  ...wholeBundleChecks,
  {
    name: 'refusal of shortened names',
    async run() {
      const { status, stderr } = spawnSync(process.execPath, ['dist-short/main.js'], { encoding: 'utf8' });
      assert.equal(status, 1);
      assert.match(stderr, /PoolConfigError|WORKER_CRASHED/);
      assert.match(stderr, /Have the bundler keep the names of classes \(esbuild: keepNames/);
    },
  },
];
