import assert from 'node:assert/strict';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DynamicPoolModule, PoolConfigError } from 'nestjs-dynamic-pool';
import { createPool } from 'nestjs-dynamic-pool/core';
import type { Check } from './checks.js';
import { ServicesModule } from './services.module.js';

@Module({
  imports: [DynamicPoolModule.forRoot({ pools: { work: { scaling: false } } }), ServicesModule],
})
class WithoutEntryModule {}

/** What every bundle has to show: that nobody is left to guess why its threads do not start. */
export const bundleChecks: readonly Check[] = [
  {
    name: 'refusal without entry',
    async run() {
      const started = NestFactory.createApplicationContext(WithoutEntryModule, { logger: false, abortOnError: false });
      const refusal = await started.then(
        async (app) => {
          await app.close();
          return assert.fail('it started');
        },
        (error: unknown) => error,
      );
      assert.ok(refusal instanceof PoolConfigError, String(refusal));
      assert.match(refusal.message, /^pool 'work': .*bundle.* entry .*runPoolWorker\(\[/s);
    },
  },
];

/** What a bundle has to show that took the library in as well. */
export const wholeBundleChecks: readonly Check[] = [
  ...bundleChecks,
  {
    name: 'refusal of a tasks module',
    async run() {
      const create = () => createPool({ name: 'raw', tasks: './package.json' });
      assert.throws(create, /^PoolConfigError: pool 'raw': .*Leave nestjs-dynamic-pool out of the bundle/);
    },
  },
];
