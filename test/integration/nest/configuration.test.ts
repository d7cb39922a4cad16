import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ScheduleModule } from '@nestjs/schedule';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  DynamicPoolModule,
  OnPoolEvent,
  PoolService,
  type DynamicPoolModuleOptions,
  type PoolEvent,
} from '../../../lib/index.js';
import type { DecisionInput } from '../../../lib/core/scaling/contract.js';
import { createApp, Remembering, startApp } from './support.js';

const POOLS: DynamicPoolModuleOptions['pools'] = {
  images: {
    kind: 'async',
    tasks: { work: async () => 'done' },
    size: { max: 4 },
    scaling: 'balanced',
    idleExpiryMs: 60_000,
  },
  mail: { kind: 'async', tasks: { work: async () => 'sent' }, size: { max: 4 }, scaling: false },
};

function temporaryFile(text?: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'configuration-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'pools.yaml');
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

const modules = (file: string | URL, options: Partial<DynamicPoolModuleOptions> = {}) => [
  ScheduleModule.forRoot(),
  DynamicPoolModule.forRoot({ pools: POOLS, configFile: file, ...options }),
];

async function start(file: string | URL, options: Partial<DynamicPoolModuleOptions> = {}, providers: never[] = []) {
  const logger = new Remembering();
  const app = await startApp({ imports: modules(file, options), providers }, logger);
  const pools = app.get(PoolService);
  const until = (isMet: () => boolean) => vi.waitUntil(isMet, { timeout: 10_000, interval: 5 });
  /** Writes the file and waits until it was judged. */
  const edit = async (text: string) => {
    const { at } = pools.config()!;
    await vi.waitUntil(() => Date.now() > at, { interval: 1 });
    writeFileSync(file, text);
    await until(() => pools.config()!.at > at);
  };
  const lines = (level: string) =>
    logger.lines.filter((line) => line.level === level).map(({ message }) => String(message));
  return { app, pools, edit, until, lines };
}

const images = (text: string) => `pools:\n  images: ${text}\n`;

describe('live configuration (O5)', () => {
  test('the file counts from the start, is applied as it changes, and what it leaves out is as code says', async () => {
    const file = temporaryFile(images('{ size: { min: 2, max: 3 }, scaling: thrifty }'));
    const { pools, edit } = await start(file);
    expect(pools.config()).toMatchObject({ file, state: 'applied', error: null });
    expect(pools.snapshot('images')).toMatchObject({ min: 2, max: 3, target: 2, live: 2 });
    expect(pools.policy('images')).toBe('thrifty');

    await edit(images('{ size: { max: 6 }, queue: { capacity: 50 } }'));
    expect(pools.snapshot('images')).toMatchObject({ min: 1, max: 6, queueCapacity: 50 });
    expect(pools.policy('images')).toBe('balanced');
    await edit('pools: {}');
    expect(pools.snapshot('images')).toMatchObject({ min: 1, max: 4, queueCapacity: 10_000 });
    expect(pools.config()!.appliedAt).toBe(pools.config()!.at);
  });

  test('a file URL will do; differences are logged, one line of JSON each, and told as an event', async () => {
    class Listener {
      readonly heard: PoolEvent<'reconfigured'>[] = [];

      @OnPoolEvent('images', 'reconfigured')
      onChange(event: PoolEvent<'reconfigured'>): void {
        this.heard.push(event);
      }
    }
    const file = temporaryFile('pools: {}');
    const { app, pools, edit, lines } = await start(pathToFileURL(file), {}, [Listener as never]);
    const streamed: PoolEvent[] = [];
    pools.events$.subscribe((event) => streamed.push(event));
    await edit(images('{ size: { max: 2 }, taskTimeoutMs: 500 }'));
    const changes = [
      { key: 'size.max', from: 4, to: 2 },
      { key: 'taskTimeoutMs', from: null, to: 500 },
    ];
    expect(app.get(Listener).heard).toMatchObject([{ pool: 'images', event: 'reconfigured', source: file, changes }]);
    expect(streamed.filter(({ event }) => event === 'reconfigured')).toHaveLength(1);
    const told = lines('log').filter((line) => line.startsWith('{"event":"reconfigured"'));
    expect(told.map((line) => JSON.parse(line) as object)).toMatchObject(
      changes.map((change) => ({ event: 'reconfigured', pool: 'images', ...change, file })),
    );
  });

  test('a bad file changes nothing of any pool; health, log and status say where and why', async () => {
    const file = temporaryFile(images('{ size: { max: 3 } }'));
    const { pools, edit, lines } = await start(file);
    const before = [pools.snapshot('images'), pools.snapshot('mail')].map(({ min, max, target }) => [min, max, target]);
    // The first pool's part is right, the second's is not: min is above the max of code.
    await edit('pools:\n  images: { size: { max: 2 }, scaling: latency }\n  mail:\n    size: { min: 5 }\n');
    const message = "pool 'mail': size.min is 5, but must be at most size.max, which is 4.";
    const status = pools.config()!;
    expect(status).toMatchObject({ state: 'invalid', error: { message, line: 4, column: 18 } });
    expect(status.appliedAt).toBeLessThan(status.at);
    expect(
      [pools.snapshot('images'), pools.snapshot('mail')].map(({ min, max, target }) => [min, max, target]),
    ).toEqual(before);
    expect(pools.policy('images')).toBe('balanced');
    const reason = `the configuration file is not in effect, but what it said before: pools.yaml:4:18: ${message}`;
    for (const pool of pools.pools()) {
      expect(pools.health(pool)).toMatchObject({ status: 'degraded', reasons: [reason] });
    }
    expect(lines('error')).toEqual([`${file}:4:18: ${message} What the file said before stays in effect.`]);

    await edit('pools:\n  mail: { size: { min: 2 } }\n');
    expect(pools.health('mail')).toMatchObject({ status: 'up', reasons: [] });
    expect(pools.snapshot('mail').min).toBe(2);
    expect(lines('log').at(-1)).toBe(`${file} is valid again and in effect.`);
  });

  test.each([
    ['missing', undefined, 'there is no such file.', null],
    ['empty', '', 'the file is empty.', 1],
    ['bad', 'pools: { images: { size: { max: 0 } } }', 'size.max is 0', 1],
    [
      'of a policy that cannot be built',
      images('{ scaling: { policy: { guards: [{ type: breaker }] } } }'),
      'no signal has that name',
      2,
    ],
  ])(
    'a file that is %s at the start: the options of code, degraded, logged as an error',
    async (_, text, why, line) => {
      const file = temporaryFile(text);
      const { pools, edit, lines } = await start(file);
      expect(pools.snapshot('images')).toMatchObject({ min: 1, max: 4 });
      const { state, error, appliedAt } = pools.config()!;
      expect({ state, line: error!.line, appliedAt }).toEqual({ state: 'invalid', line, appliedAt: null });
      expect(error!.message).toContain(why);
      expect(lines('error')[0]).toContain('The options of code are in effect.');
      expect(pools.health('images').status).toBe('degraded');
      expect(await pools.get('images').run('work')).toBe('done');
      await edit(images('{ size: { max: 2 } }'));
      expect(pools.health('images').status).toBe('up');
      expect(pools.snapshot('images').max).toBe(2);
    },
  );

  test('what a file cannot do: create pools, switch scaling on or off, give a budget where code gives none', async () => {
    const { pools, edit } = await start(temporaryFile('{}'));
    const refused = async (text: string) => {
      await edit(text);
      return pools.config()!.error;
    };
    expect(await refused('pools:\n  image: {}\n')).toMatchObject({ line: 2, column: 3 });
    const scaling = await refused('pools:\n  mail:\n    scaling: thrifty\n');
    expect(scaling).toMatchObject({ line: 3, column: 14 });
    expect(scaling!.message).toContain("pool 'mail': scaling cannot be switched on while it runs");
    expect(await refused(images('{ worker: { concurrency: 2 } }'))).toMatchObject({
      message: "pool 'images': worker needs a restart; it stands in code.",
    });
    expect((await refused('budget: { workers: 3 }'))!.message).toContain(
      'Give forRoot(), or the options of forRootAsync(), a budget',
    );
  });

  test('a signal that stands in code is open whenever the file goes back to it, and is closed with the application', async () => {
    let isOpen = true;
    const mine = { read: (at: number) => (isOpen ? { value: 3, at } : null), close: () => void (isOpen = false) };
    const decider = { decide: ({ signals }: DecisionInput) => ({ target: signals['mine'] ?? 1, why: 'mine' }) };
    const policy = { signals: { mine }, decider };
    const pool = { ...POOLS['images']!, scaling: { policy, tickMs: 20 } };
    const { app, pools, edit, until } = await start(temporaryFile(images('{ scaling: latency }')), {
      pools: { images: pool },
    });
    expect(pools.policy('images')).toBe('latency');
    expect(isOpen).toBe(true);
    await edit('pools: {}');
    await until(() => pools.snapshot('images').target === 3);
    await edit(images('{ scaling: latency }'));
    await app.close();
    expect(isOpen).toBe(false);
  });

  test('the swap of a Kubernetes ConfigMap', async () => {
    const folder = path.dirname(temporaryFile());
    const publish = (version: string, text: string) => {
      mkdirSync(path.join(folder, version));
      writeFileSync(path.join(folder, version, 'pools.yaml'), text);
      symlinkSync(version, path.join(folder, '..data_tmp'));
      renameSync(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
    };
    publish('..1', images('{ size: { max: 2 } }'));
    symlinkSync('..data/pools.yaml', path.join(folder, 'pools.yaml'));
    const { pools, until } = await start(path.join(folder, 'pools.yaml'));
    expect(pools.snapshot('images').max).toBe(2);
    publish('..2', images('{ size: { max: 3 } }'));
    rmSync(path.join(folder, '..1'), { recursive: true });
    await until(() => pools.snapshot('images').max === 3);
    expect(pools.config()!.state).toBe('applied');
  });

  test('a pinned size stands above the file, within its bounds', async () => {
    const { pools, edit, lines } = await start(temporaryFile('{}'));
    await pools.resize('images', 4, { owner: 'ann', reason: 'sale' });
    await edit(images('{ size: { min: 2, max: 6 } }'));
    expect(pools.snapshot('images')).toMatchObject({ target: 4, override: { size: 4 } });
    await edit(images('{ size: { max: 3 } }'));
    expect(pools.snapshot('images')).toMatchObject({ target: 3, override: { size: 3, owner: 'ann' } });
    expect(lines('warn')).toContain("pool 'images': its size was pinned to 4; the new bounds make that 3.");
    await pools.auto('images');
    expect(pools.snapshot('images').override).toBeNull();
  });

  test('a budget of thread pools, and its floors, in one change', async () => {
    const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);
    const threads = { tasks, size: { max: 6 }, scaling: false } as const;
    const options = { pools: { a: threads, b: threads }, budget: { workers: 4 } };
    const { pools, edit } = await start(temporaryFile('budget: { workers: 5 }'), options);
    expect(pools.budget()).toMatchObject({ workers: 5, free: 3 });
    await pools.resize('a', 4);
    // Alone, neither would fit.
    await edit('pools: { b: { size: { min: 3 } } }\nbudget: { workers: 4 }\n');
    expect(pools.config()!.error).toBeNull();
    expect(pools.snapshot('a')).toMatchObject({ target: 1, override: { size: 1 } });
    expect(pools.snapshot('b')).toMatchObject({ target: 3, min: 3 });
    await edit('pools: { b: { size: { min: 4 } } }\nbudget: { workers: 4 }\n');
    expect(pools.config()!.error).toMatchObject({ line: 2, column: 9 });
    expect(pools.snapshot('b').min).toBe(3);
    await edit('pools: {}');
    expect(pools.budget()!.workers).toBe(4);
    expect(pools.snapshot('b').min).toBe(1);
  });

  test('ends with the application: it is read no more, and holds no process open', async () => {
    const file = temporaryFile('{}');
    const { app, pools, edit } = await start(file);
    await edit(images('{ size: { max: 2 } }'));
    await app.close();
    const { at } = pools.config()!;
    writeFileSync(file, images('{ size: { max: 3 } }'));
    const other = await start(file);
    await other.edit(images('{ size: { max: 5 } }'));
    expect(pools.config()!.at).toBe(at);
  });

  test('none without a configFile; what is no file name is refused', async () => {
    const app = await createApp({ imports: [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: POOLS })] });
    expect(app.get(PoolService).config()).toBeNull();
    const forRoot = (options: object) => () => DynamicPoolModule.forRoot({ pools: POOLS, ...options });
    expect(forRoot({ configFile: 4 })).toThrow('configFile is 4, but must be the path or the file: URL of a file');
    expect(forRoot({ configFile: new URL('http://a/b') })).toThrow('configFile is "http://a/b"');
    expect(forRoot({ overridesFile: 'a.json' })).toThrow('left out where there is no configFile');
    expect(forRoot({ configFile: 'a.yaml', overridesFile: 1 })).toThrow('overridesFile is 1');
    expect(forRoot({ configFile: 'a.yaml', overridesFile: './a.yaml' })).toThrow('another file than configFile');
  });
});

describe('overrides survive a restart where a configFile is set (A4)', () => {
  const overridesOf = (file: string) => file.replace('.yaml', '.overrides.json');

  test('with owner, reason and the rest of their time', async () => {
    const file = temporaryFile('{}');
    const first = await start(file);
    await first.pools.resize('images', 3, { owner: 'ann', reason: 'sale', forMs: 3_600_000 });
    await first.pools.resize('mail', 2);
    await first.pools.auto('mail');
    const { override } = first.pools.snapshot('images');
    await first.app.close();
    const second = await start(file);
    expect(second.pools.snapshot('mail').override).toBeNull();
    const { until, ...rest } = second.pools.snapshot('images').override!;
    expect(rest).toEqual({ size: 3, owner: 'ann', reason: 'sale' });
    expect(Math.abs(until! - override!.until!)).toBeLessThan(50);
    await second.until(() => second.pools.snapshot('images').live === 3);
    await second.pools.auto('images');
    await second.app.close();
    expect((await start(file)).pools.snapshot('images').override).toBeNull();
  });

  test('but not those that no longer fit, nor where overridesFile is false', async () => {
    const file = temporaryFile('{}');
    const first = await start(file);
    await first.pools.resize('images', 4);
    await first.app.close();
    writeFileSync(file, images('{ size: { max: 2 } }'));
    const second = await start(file);
    expect(second.pools.snapshot('images')).toMatchObject({ override: null, max: 2 });
    expect(second.lines('warn').join('\n')).toContain("is dropped: pool 'images': size is 4");
    await second.app.close();

    const other = temporaryFile('{}');
    const none = await start(other, { overridesFile: false });
    await none.pools.resize('images', 4);
    await none.app.close();
    expect((await start(other)).pools.snapshot('images').override).toBeNull();
  });

  test('in a file of its own, where the configuration cannot be written beside', async () => {
    const file = temporaryFile('{}');
    const kept = path.join(path.dirname(temporaryFile()), 'kept.json');
    const { pools, app } = await start(file, { overridesFile: pathToFileURL(kept) });
    await pools.resize('images', 2, { owner: 'ann' });
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ overrides: { images: { size: 2, owner: 'ann' } } });
    await app.close();
    expect(() => readFileSync(overridesOf(file))).toThrow('ENOENT');
  });
});
