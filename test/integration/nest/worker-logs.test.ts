import type { LoggerService } from '@nestjs/common';
import { ConsoleLogger } from '@nestjs/common';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { POOL_CONTEXT, PoolConfigError } from '../../../lib/index.js';
import { LoggingService } from '../../fixtures/context/logging.service.js';
import { RequestCarrier, requests } from '../../fixtures/context/request-store.js';
import { createApp, failure, onePool, Remembering, startApp } from './support.js';

const carrier = { provide: POOL_CONTEXT, useClass: RequestCarrier };

async function start(logger: LoggerService, options: Parameters<typeof onePool>[1] = {}, concurrency = 1) {
  const pool = onePool({ worker: { concurrency } }, options);
  const app = await startApp({ imports: [pool], providers: [LoggingService, carrier] }, logger);
  return app.get(LoggingService);
}

/** Messages without the number of the thread. */
const told = ({ lines }: Remembering) =>
  lines
    .filter(({ message }) => String(message).startsWith('[main '))
    .map(({ level, message, context }) => [level, String(message).replace(/thread \d+/, 'thread N'), context]);

describe('log lines of workers (U8)', () => {
  test('tell pool, thread, task and what the carriers say; those of the boot have no task', async () => {
    const logger = new Remembering();
    const service = await start(logger);
    await requests.run({ id: 'req-1' }, () => service.line('hello'));
    await service.line('outside');
    expect(told(logger)).toEqual([
      ['log', '[main thread N] up', 'Boot'],
      ['log', '[main thread N LoggingService.line id=req-1] hello', 'LoggingService'],
      ['log', '[main thread N LoggingService.line] outside', 'LoggingService'],
    ]);
  });

  test('of tasks that one worker interleaves tell each its own', async () => {
    const logger = new Remembering();
    const service = await start(logger, {}, 4);
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(ids.map((id) => requests.run({ id }, () => service.line(id))));
    const lines = told(logger).filter(([, , context]) => context === 'LoggingService');
    expect(lines.map(([, message]) => message).sort()).toEqual(
      ids.map((id) => `[main thread N LoggingService.line id=${id}] ${id}`),
    );
  });

  test('keep level and context, from instances and from the class', async () => {
    const logger = new Remembering();
    await (await start(logger)).levels();
    const levels = ['log', 'warn', 'error', 'fatal', 'debug', 'verbose'];
    const lines = told(logger).filter(([, , context]) => context !== 'Boot');
    expect(lines.map(([level, , context]) => [level, context])).toEqual(
      levels.flatMap((level) => [
        [level, 'LoggingService'],
        [level, 'Static'],
      ]),
    );
  });

  test('come before the result of their task, however small that is', async () => {
    const logger = new Remembering();
    const service = await start(logger);
    for (let n = 0; n < 300; n++) {
      expect(await service.count(n)).toBe(n);
      expect(logger.lines.at(-1)!.message).toMatch(new RegExp(`line ${n}$`));
    }
  });

  test('go to the logger that the application uses by then', async () => {
    const [first, second] = [new Remembering(), new Remembering()];
    const app = await createApp({ imports: [onePool()], providers: [LoggingService] }, first);
    await app.init();
    app.useLogger(second);
    await app.get(LoggingService).line('hello');
    expect(told(second).map(([, message]) => message)).toEqual(['[main thread N LoggingService.line] hello']);
    expect(told(first).map(([, message]) => message)).toEqual(['[main thread N] up']);
  });

  test('are text: objects as inspected, errors with stack and cause', async () => {
    const logger = new Remembering();
    await (await start(logger)).kinds();
    const [object, withObject, error, stack, unclonable, lazy, cls] = told(logger)
      .slice(1)
      .map(([, message]) => String(message).replace('[main thread N LoggingService.kinds] ', ''));
    expect(object).toBe('{ rows: 3, at: 1970-01-01T00:00:00.000Z }');
    expect(withObject).toBe('with\n{ rows: 3 }');
    expect(error).toMatch(/^failed\nRangeError: too far\n +at [\s\S]*\[cause\]: TypeError: why\n +at /);
    expect(stack).toBe('failed\nRangeError: too far\n    at somewhere (file.js:1:2)');
    expect(unclonable).toBe('{ fn: [Function: fn] }');
    expect([lazy, cls]).toEqual(['late', 'LoggingService']);
  });

  test('of what throws when it is looked at are text, and keep no task from going on', async () => {
    const logger = new Remembering();
    await (await start(logger)).hostile();
    const messages = told(logger).map(([, message]) => String(message).replace(/^\[.*?\] /, ''));
    expect(messages.slice(1)).toEqual(['{}', '<Revoked Proxy>', expect.stringContaining('fn: [Function: fn]')]);
  });

  test('at which the logger throws harm neither the process nor what else the worker sends', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const logger = new Remembering();
    const service = await start(logger);
    logger.log = () => {
      throw new Error('disk full');
    };
    const items: number[] = [];
    for await (const { n } of service.lines(40)) items.push(n);
    expect(items).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await service.count(1)).toBe(1);
    expect(warned.mock.calls).toEqual([
      ["pool 'main': the logger threw at a log line of a worker, which is lost: disk full", 'DynamicPoolWarning'],
    ]);
  });

  test('that were left out are told of when the worker leaves before the second is over', async () => {
    const logger = new Remembering();
    const app = await createApp({ imports: [onePool()], providers: [LoggingService] }, logger);
    await app.init();
    await app.get(LoggingService).flood(1_500);
    await app.close();
    expect(told(logger).at(-1)![1]).toMatch(/50\d log lines of this worker were left out/);
  });

  test('are bounded to 1,000 a second from each worker; how many were left out is told', async () => {
    const logger = new Remembering();
    const service = await start(logger);
    await service.flood(1_500);
    await expect
      .poll(() => told(logger).at(-1), { timeout: 10_000 })
      .toEqual([
        'warn',
        expect.stringMatching(
          /^\[main thread N\] 50\d log lines of this worker were left out: it wrote more than 1,?000/,
        ),
        'DynamicPool',
      ]);
  });
});

describe('log lines of workers as fields', () => {
  class Arguments extends Remembering {
    readonly calls: unknown[][] = [];
    override log = (...all: unknown[]) => void this.calls.push(all);
    override error = (...all: unknown[]) => void this.calls.push(all);
  }

  test('stay what they were, with pool, thread, task and correlation id in an object beside the message', async () => {
    const logger = new Arguments();
    const service = await start(logger, { workerLogs: 'fields' });
    await requests.run({ id: 'req-1' }, () => service.kinds());
    const calls = logger.calls.filter((all) => all.at(-1) === 'LoggingService');
    const fields = { pool: 'main', thread: expect.any(Number), task: 'LoggingService.kinds', correlationId: 'req-1' };
    expect(calls.slice(0, 2)).toEqual([
      [{ rows: 3, at: new Date(0) }, fields, 'LoggingService'],
      ['with', fields, { rows: 3 }, 'LoggingService'],
    ]);
    const [message, , error] = calls[2] as [string, object, Error];
    expect(message).toBe('failed');
    expect(error).toBeInstanceOf(RangeError);
    expect(inspect(error)).toContain('[cause]: TypeError: why');
  });

  test('are fields in the lines of Nest’s JSON logger', async () => {
    const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const logger = new ConsoleLogger({ json: true, flattenParams: true });
    const service = await start(logger, { workerLogs: 'fields' });
    await requests.run({ id: 'req-1' }, () => service.kinds());
    const lines = [...out.mock.calls, ...err.mock.calls].map(([text]) => String(text));
    const own = lines.filter((text) => text.includes('LoggingService.kinds')).map((text) => JSON.parse(text) as object);
    const common = { context: 'LoggingService', pool: 'main', task: 'LoggingService.kinds', correlationId: 'req-1' };
    expect(own).toContainEqual(expect.objectContaining({ ...common, level: 'log', message: 'with', rows: 3 }));
    expect(own).toContainEqual(
      expect.objectContaining({
        ...common,
        level: 'error',
        message: 'failed',
        error: expect.objectContaining({ name: 'RangeError', message: 'too far', stack: expect.any(String) }),
      }),
    );
    const stack = 'RangeError: too far\n    at somewhere (file.js:1:2)';
    expect(own).toContainEqual(expect.objectContaining({ ...common, level: 'error', message: 'failed', stack }));
  });

  test('are one of two ways', async () => {
    const error = await failure((async () => start(new Remembering(), { workerLogs: 'json' as never }))());
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/workerLogs is "json", but must be 'text' or 'fields'/);
  });
});
