import { BadRequestException } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { PoolService, type PoolSnapshot } from '../../../lib/index.js';
import { InlineService } from '../../fixtures/nest/inline.service.js';
import { OrderError } from '../../fixtures/nest/order.error.js';
import { failure, onePool, startApp } from './support.js';

/** Only the mean time decides, so that these methods run inline on the slowest machine, once they ran 20 times. */
const INLINE = { inlineBelowUs: 100_000 };
const METHODS = ['where', 'spoil', 'invert', 'refuse', 'leak'] as const;

type Call = <R>(call: (service: InlineService) => Promise<R>) => Promise<R>;

/** An application whose methods have shown to be short, and a way to call one of them here. */
async function shortEnough(): Promise<{ service: InlineService; call: Call }> {
  const app = await startApp({ imports: [onePool(INLINE)], providers: [InlineService] });
  const service = app.get(InlineService);
  for (const method of METHODS) await Promise.all(Array.from({ length: 20 }, () => service[method]()));
  const inlined = () => sum(app.get(PoolService).snapshot('main').tasks);
  const call: Call = async (run) => {
    // A turn of the event loop has time for one millisecond of them.
    await new Promise(setImmediate);
    const before = inlined();
    try {
      return await run(service);
    } finally {
      expect(inlined()).toBe(before + 1);
    }
  };
  return { service, call };
}

function sum(tasks: PoolSnapshot['tasks']): number {
  return Object.values(tasks).reduce((total, { inlined }) => total + inlined, 0);
}

describe('decorated methods that run on this thread because they are short (P15)', () => {
  test('do', async () => {
    const { call } = await shortEnough();
    expect(await call((service) => service.where())).toBe('main');
  });

  test('get copies, and return copies', async () => {
    const { call } = await shortEnough();
    const basket = { items: ['mine'] };
    expect(await call((service) => service.spoil(basket))).toEqual({ items: ['mine', 'spoilt'] });
    expect(basket).toEqual({ items: ['mine'] });
    const last = await call((service) => service.spoil());
    last.items.push('from outside');
    expect(await call((service) => service.spoil())).toEqual({ items: ['last'] });
  });

  test('take what they are to move', async () => {
    const { call } = await shortEnough();
    const pixels = new Uint8Array([0, 255]);
    expect(await call((service) => service.invert(pixels))).toEqual(new Uint8Array([255, 0]));
    expect(pixels.byteLength).toBe(0);
  });

  test('throw errors of their class', async () => {
    const { call } = await shortEnough();
    const http = await failure(call((service) => service.refuse('http')));
    expect(http).toBeInstanceOf(BadRequestException);
    expect((http as BadRequestException).getResponse()).toEqual({ message: ['odd'], hint: 7 });
    expect(await failure(call((service) => service.refuse('own')))).toBeInstanceOf(OrderError);
  });

  test('refuse what could not cross to a thread, with its path', async () => {
    const { call } = await shortEnough();
    const basket = { items: [() => 1] } as unknown as { items: string[] };
    const argument = await failure(call((service) => service.spoil(basket)));
    expect(argument).toMatchObject({ code: 'TASK_CLONE', path: 'args[0].items[0]', pool: 'main' });
    const result = await failure(call((service) => service.leak(true)));
    expect(result).toMatchObject({ code: 'TASK_CLONE', path: 'result.request.on', pool: 'main' });
  });
});

describe('decorated methods that run on this thread because the queue is full (P4)', () => {
  test('get copies, and return copies', async () => {
    const queue = { capacity: 1, overflow: 'caller-runs' } as const;
    const app = await startApp({ imports: [onePool({ queue })], providers: [InlineService] });
    const service = app.get(InlineService);
    const basket = { items: ['mine'] };
    // The first goes to the worker and the second waits for it.
    const baskets = await Promise.all(Array.from({ length: 5 }, () => service.spoil(basket)));
    expect(sum(app.get(PoolService).snapshot('main').tasks)).toBe(3);
    expect(baskets).toEqual(Array.from({ length: 5 }, () => ({ items: ['mine', 'spoilt'] })));
    expect(new Set([basket, ...baskets]).size).toBe(6);
    expect(basket).toEqual({ items: ['mine'] });
  });
});
