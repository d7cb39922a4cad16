import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PoolConfigError, PoolService, type NestPoolOptions } from '../../../lib/index.js';
import { Line, Point, Vault } from '../../fixtures/nest/geometry.js';
import { GeometryService, Later, Picture } from '../../fixtures/nest/geometry.service.js';
import { MisdeclaredService } from '../../fixtures/nest/misdeclared.service.js';
import { failure, onePool, startApp } from './support.js';

async function start(options: NestPoolOptions = {}) {
  const app = await startApp({ imports: [onePool(options)], providers: [GeometryService] });
  return { service: app.get(GeometryService), pools: app.get(PoolService) };
}

function inlined(app: INestApplicationContext): number {
  const { tasks } = app.get(PoolService).snapshot('main');
  return Object.values(tasks).reduce((sum, task) => sum + task.inlined, 0);
}

/** Wherever a call is copied, it is revived: by a thread, or on this one. */
const COPYING: [string, NestPoolOptions, string][] = [
  ['in a worker', {}, 'worker'],
  // A call that waits keeps the queue full, and the next ones run here.
  ['by its caller, when the queue is full (P4)', { queue: { capacity: 1, overflow: 'caller-runs' } }, 'main'],
];

describe.each(COPYING)('instances across a call that runs %s (U8)', (_, options, where) => {
  let app: INestApplicationContext;
  beforeAll(async () => {
    @Module({ imports: [onePool(options)], providers: [GeometryService] })
    class App {}
    app = await NestFactory.createApplicationContext(App, { logger: false });
  });
  afterAll(() => app.close());

  /** Calls until one has run where it shall. */
  async function call<R>(run: (service: GeometryService) => Promise<R>): Promise<R> {
    const calls = where === 'main' ? 4 : 1;
    const before = inlined(app);
    const results = await Promise.allSettled(Array.from({ length: calls }, () => run(app.get(GeometryService))));
    expect(inlined(app) - before).toBe(where === 'main' ? 2 : 0);
    const last = results.at(-1)!;
    if (last.status === 'rejected') throw last.reason;
    return last.value;
  }

  test('a result is an instance again', async () => {
    const point = (await call((service) => service.point(3, 4)))!;
    expect(point).toBeInstanceOf(Point);
    expect(point.norm()).toBe(5);
    expect(await call((service) => service.point(null))).toBeNull();
  });

  test('so are those in arrays, maps and sets', async () => {
    const [map, set] = await call((service) => service.points());
    expect(map.get('a')!.norm()).toBe(5);
    expect([...set].map((point) => point.norm())).toEqual([5]);
  });

  test('a class may be declared below the method', async () => {
    expect((await call((service) => service.later(new Later(1)))).told()).toBe(2);
  });

  test('arguments are, by the declared types', async () => {
    expect(await call((service) => service.norm(new Point(3, 4), 2))).toBe(10);
    expect(await call((service) => service.norm(new Point(3, 4), 2, new Point(5, 12)))).toBe(36);
  });

  test('what the compiler notes as Object is not', async () => {
    const error = await failure(call((service) => service.nullable(new Point(3, 4), new Point(3, 4))));
    expect(error.message).toMatch(/norm is not a function/);
  });

  test('rest parameters and fields that the class names are', async () => {
    const lines = [new Line(new Point(0, 0), new Point(1, 0)), new Line(new Point(0, 0), new Point(3, 4))];
    expect(await call((service) => service.longest(...lines))).toBe(5);
  });

  test('arguments are, by a list of classes', async () => {
    expect(await call((service) => service.norms(new Point(1, 1), [new Point(3, 4), new Point(0, 2)]))).toEqual([5, 2]);
  });

  test('a class with private members makes them itself', async () => {
    expect((await call((service) => service.reset(new Vault(1), 2))).opensWith(2)).toBe(true);
  });

  test('what such a class says of a copy fails the call', async () => {
    const argument = await failure(call((service) => service.reset({ code: -1 } as Vault, 2)));
    expect(argument).toEqual(new RangeError('no vault has the code -1'));
    const result = await failure(call((service) => service.reset(new Vault(1), -2)));
    expect(result).toEqual(new RangeError('no vault has the code -2'));
  });

  test('Buffers in instances are Buffers', async () => {
    const picture = await call((service) => service.invert(new Picture(Buffer.from([0, 255]))));
    expect(picture).toEqual(new Picture(Buffer.from([255, 0])));
  });

  test('nobody who does not ask gets any', async () => {
    const [wasPoint, point] = await call((service) => service.plain(new Point(1, 2)));
    expect([wasPoint, point]).toEqual([false, { x: 1, y: 2 }]);
    expect(point).not.toBeInstanceOf(Point);
  });
});

describe('instances, besides (U8)', () => {
  test('no constructor runs in the worker', async () => {
    const { service } = await start();
    expect(await service.constructed(new Point(1, 1))).toBe(0);
  });

  test('calls by the name of the task revive as well, and what the class refuses counts as failed', async () => {
    const { pools } = await start();
    const pool = pools.get('main');
    expect(await pool.run('GeometryService.point', [3, 4])).toBeInstanceOf(Point);
    const norms: number[] = [];
    for await (const point of pool.map<number, Point>('GeometryService.point', [3, 4])) norms.push(point.norm());
    expect(norms).toEqual([3, 4]);
    await failure(pool.run('GeometryService.reset', [new Vault(1), -2]));
    expect(pool.snapshot().counters).toMatchObject({ completed: 3, failed: 1 });
    expect(await pool.run('GeometryService.norm', [{ x: 3, y: 4 }, 1])).toBe(5);
  });

  test('short tasks that run inline are revived', async () => {
    const { service, pools } = await start({ inlineBelowUs: 100_000 });
    await Promise.all(Array.from({ length: 20 }, () => service.point(1)));
    await new Promise(setImmediate);
    const point = await service.point(3, 4);
    expect(pools.snapshot('main').tasks['GeometryService.point']!.inlined).toBeGreaterThan(0);
    expect(point!.norm()).toBe(5);
  });

  test('in an async pool nothing is copied, so nothing is revived', async () => {
    const { service } = await start({ kind: 'async' });
    const point = new Point(1, 2);
    expect((await service.plain(point))[1]).toBe(point);
    const unfit = { code: 1, opensWith: () => true } as unknown as Vault;
    expect(Object.getPrototypeOf(await service.reset(unfit, 3))).toBe(Object.prototype);
  });

  test('with no pool module the method is given the original', async () => {
    const point = new Point(3, 4);
    expect((await new GeometryService().plain(point))[1]).toBe(point);
    expect(await new GeometryService().norm(point, 1)).toBe(5);
  });
});

describe('an application does not start (U8)', () => {
  test.each<[keyof typeof MisdeclaredService, string]>([
    ['NoClass', "pool 'main': @PooledTask({ returns }) on NoClass.run names undefined, which is no class."],
    ['Throwing', '@PooledTask({ returns }) on Throwing.run is a function that threw: Cannot access'],
    ['BuiltIn', '@PooledTask({ returns }) on BuiltIn.run names Date, which is built in'],
    ['Private', '@PooledTask({ returns }) on Private.run names Secret, which has the private member #key'],
    ['PrivateArgument', '@PooledTask({ accepts }) on PrivateArgument.run names Secret, which has the private member'],
    ['NoTypes', '@PooledTask({ accepts }) on NoTypes.run finds no types: the compiler noted none, as esbuild'],
    ['OnlyArrays', 'on OnlyArrays.run finds no class of yours among the declared types (Array, Object, Number)'],
    ['Circular', 'on Circular.run finds no type of argument 1: a circular import hid it'],
    ['NoList', '@PooledTask({ accepts }) on NoList.run returned function Later, which is no list of classes.'],
    ['EmptyList', '@PooledTask({ accepts }) on EmptyList.run names no class.'],
    ['WrongField', "@PooledTask({ returns }) on WrongField.run: field 'a' of Outer names function oops, which is no"],
  ])('where %s is declared wrongly', async (name, message) => {
    const error = await failure(startApp({ imports: [onePool()], providers: [MisdeclaredService[name]] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ pool: 'main' });
  });
});
