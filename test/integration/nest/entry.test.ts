import { describe, expect, test } from 'vitest';
import { runPoolWorker } from '../../../lib/entries/worker.js';
import { PoolConfigError, remote } from '../../../lib/index.js';
import { CallsAgain } from '../../fixtures/nest/entries/calls-again.service.js';
import { LoggingService } from '../../fixtures/nest/entries/logging.service.js';
import { happened, ImageService } from '../../fixtures/nest/remote.service.js';
import { ModuleService } from '../../fixtures/nest/worker.module.js';
import { failure, onePool, Remembering, startApp } from './support.js';

const entry = (name: string) => new URL(`../../fixtures/nest/entries/${name}.js`, import.meta.url);
const withEntry = (name: string) => ({
  imports: [onePool({ entry: entry(name) })],
  providers: [ModuleService, { provide: 'SOURCE', useValue: 'main' }],
});

describe('an entry of your own', () => {
  test('may boot dynamic modules, promised ones as well', async () => {
    const app = await startApp(withEntry('dynamic'));
    expect(await app.get(ModuleService).tell()).toMatchObject({ source: 'a dynamic module' });
  });

  test('may bring providers without a module, for classes under remote()', async () => {
    const app = await startApp({
      imports: [onePool({ entry: entry('providers') })],
      providers: [remote(ImageService)],
    });
    expect((await app.get(ImageService).weigh(2)).weights).toEqual([2, 4, 6]);
    expect(happened).toEqual([]);
  });

  test('may log elsewhere, or nowhere', async () => {
    for (const [name, kept] of [
      ['own-logger', ['careful']],
      ['silent', []],
    ] as const) {
      const logger = new Remembering();
      const app = await startApp({ imports: [onePool({ entry: entry(name) })], providers: [LoggingService] }, logger);
      expect(await app.get(LoggingService).warn('careful')).toEqual(kept);
      await app.close();
      expect(logger.lines.filter(({ message }) => String(message).includes('careful'))).toEqual([]);
    }
  });
});

describe('an application does not start, and says why, with the entry', () => {
  test.each([
    ['twice', 'runPoolWorker() was called twice in one worker. Call it once, with all the modules'],
    ['no-module', "pool 'main': runPoolWorker() is given no module, so its worker has no class to run"],
    ['wrong-modules', "pool 'main': the modules of runPoolWorker() is function SmallModule, but must be an array"],
    ['missing-module', "pool 'main': modules[1] of runPoolWorker() is undefined, but must be a module"],
    [
      'unknown-option',
      'runPoolWorker() has no option "provider". Did you mean \'providers\'? Options: providers, logger.',
    ],
    ['wrong-providers', 'providers of runPoolWorker() is function SmallModule, but must be an array'],
    ['wrong-logger', 'logger of runPoolWorker() is an array, but must be a logger as Nest has them (log, warn, error)'],
    [
      'lacks-tasks',
      "the entry, by runPoolWorker([EmptyModule]), does not provide ModuleService, whose task 'ModuleService.tell'",
    ],
    ['idle', 'which came to its end without calling runPoolWorker(). Let it call runPoolWorker([SomeModule])'],
  ])('%s', async (name, message) => {
    const error = await failure(startApp(withEntry(name)));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain(message);
  });
});

test('a call of runPoolWorker() while the worker serves is refused, and harms it not', async () => {
  const app = await startApp({ imports: [onePool({ entry: entry('calls-again') })], providers: [CallsAgain] });
  await expect(app.get(CallsAgain).call()).rejects.toThrow('runPoolWorker() was called twice in one worker');
  await expect(app.get(CallsAgain).call()).rejects.toThrow(PoolConfigError);
});

test('runPoolWorker() outside a worker of a pool is refused, and told where it belongs', () => {
  const call = () => runPoolWorker([]);
  expect(call).toThrow(PoolConfigError);
  expect(call).toThrow(
    "Call it in a file of its own, which nothing else imports, and name that file as the entry of the pool: entry: new URL('./",
  );
});
