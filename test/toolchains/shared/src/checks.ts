import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { BadRequestException, type INestApplication } from '@nestjs/common';
import { OutOfPaper } from './errors.js';
import { LetterService, SAW_ABORT, SPINNING } from './letter.service.js';
import { PrimeService } from './prime.service.js';

/** One thing that must work with every toolchain. `app` listens. */
export interface Check {
  readonly name: string;
  run(app: INestApplication): Promise<void>;
}

export const checks: readonly Check[] = [
  {
    name: 'plain class',
    async run(app) {
      const told = await app.get(LetterService).count('What is long, grows.');
      assert.equal(told.letters, 15);
      assert.notEqual(told.threadId, threadId);
    },
  },
  {
    name: 'injected class',
    async run(app) {
      const told = await app.get(PrimeService).count(1000);
      assert.equal(told.primes, 168);
      assert.notEqual(told.threadId, threadId);
    },
  },
  {
    name: 'Nest exception',
    async run(app) {
      const error = await failure(app.get(PrimeService).count(10_000_001));
      assert.ok(error instanceof BadRequestException, String(error));
      const response = await fetch(`${await app.getUrl()}/primes?below=10000001`);
      assert.equal(response.status, 400);
      assert.equal(await response.text(), JSON.stringify({ message: 'too large', largest: 10_000_000 }));
    },
  },
  {
    name: 'own error class',
    async run(app) {
      const error = await failure(app.get(LetterService).print(3));
      assert.ok(error instanceof OutOfPaper, String(error));
      assert.deepEqual([error.message, error.sheetsMissing], ['no paper', 3]);
    },
  },
  {
    name: 'abort',
    async run(app) {
      const state = new Int32Array(new SharedArrayBuffer(4));
      const controller = new AbortController();
      const reason = new Error('enough');
      const spun = failure(app.get(LetterService).spin(state, controller.signal));
      await becomes(state, SPINNING);
      controller.abort(reason);
      assert.equal(await spun, reason);
      await becomes(state, SAW_ABORT);
    },
  },
];

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('nothing was thrown'),
    (error: unknown) => error,
  );
}

/** Never, if it does not: whoever runs the checks has a deadline. */
async function becomes(state: Int32Array, value: number): Promise<void> {
  while (Atomics.load(state, 0) !== value) await setImmediate();
}
