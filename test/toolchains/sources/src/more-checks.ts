import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import { createPool, DynamicPoolModule, type NestPoolOptions } from 'nestjs-dynamic-pool';
import type { Check } from './checks.js';
import { Greeter } from './greeter.js';
import { GreeterModule } from './greeter.module.js';
import { LetterService } from './letter.service.js';
import { Limits } from './limits.js';

/** What only applications show that are run from their sources. */
export const moreChecks: readonly Check[] = [
  {
    name: 'stacks tell lines of the source',
    async run(app) {
      const error: unknown = await app
        .get(LetterService)
        .print(3)
        .catch((thrown: unknown) => thrown);
      const [, line] = /letter\.service\.ts:(\d+)/.exec((error as Error).stack ?? '') ?? [];
      const source = readFileSync(sourceFile('letter.service.ts'), 'utf8').split('\n');
      assert.match(source[Number(line) - 1] ?? `no line in ${(error as Error).stack}`, /throw new OutOfPaper/);
    },
  },
  { name: 'workerModule, a class', run: () => greeted({ workerModule: GreeterModule }) },
  { name: 'workerModule, a file', run: () => greeted({ workerModule: { file: sourceFile('greeter.module.ts') } }) },
  { name: 'entry', run: () => greeted({ entry: sourceFile('greeter.worker.ts') }) },
  { name: 'entry by its compiled name', run: () => greeted({ entry: sourceFile('greeter.worker.js') }) },
  {
    name: 'tasks of createPool, and an alias',
    async run() {
      const pool = createPool({ name: 'functions', tasks: sourceFile('tasks.ts'), size: { max: 1 }, scaling: false });
      try {
        assert.equal(await pool.run('greet', ['you']), 'hello you');
      } finally {
        await pool.close();
      }
    },
  },
];

/** An application beside the first, with a pool of its own. */
async function greeted(options: Pick<NestPoolOptions, 'entry' | 'workerModule'>): Promise<void> {
  const pools = DynamicPoolModule.forRoot({ pools: { more: { size: { max: 1 }, scaling: false, ...options } } });
  const own = { provide: Greeter, useFactory: () => new Greeter('never', new Limits()) };
  class Root {}
  const root = { module: Root, imports: [pools], providers: [own] };
  const app = await NestFactory.createApplicationContext(root, { logger: ['warn', 'error'], abortOnError: false });
  try {
    const told = await app.get(Greeter).greet('you');
    assert.deepEqual([told.text, told.largest], ['hello you', new Limits().largest]);
    assert.notEqual(told.threadId, threadId);
  } finally {
    await app.close();
  }
}

function sourceFile(name: string): URL {
  return pathToFileURL(path.resolve('src', name));
}
