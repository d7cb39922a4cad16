import { Controller, Get, Inject, Injectable, Module, Sse, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { threadId } from 'node:worker_threads';
import { from, lastValueFrom, Observable, take, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { getPoolToken, OnPoolEvent, PoolService, withProgress, type Pool, type PoolEvent } from '../../../lib/index.js';
import { createStub } from '../../../lib/nest/remote-stub.js';
import { Amount, StreamingService } from '../../fixtures/nest/streaming.service.js';
import { collect } from '../../support/collect.js';
import { rejectionOf } from '../../support/watch.js';
import { listen, onePool, startApp } from './support.js';

function tally() {
  const memory = new SharedArrayBuffer(8);
  const words = new Int32Array(memory);
  return { memory, asked: () => Atomics.load(words, 0), finallyRan: () => Atomics.load(words, 1) };
}

async function service(options: Parameters<typeof onePool>[0] = {}) {
  const app = await startApp({ imports: [onePool(options)], providers: [StreamingService] });
  const pool = app.get<Pool>(getPoolToken('main'));
  return { app, pool, streaming: app.get(StreamingService) };
}

const counters = (pool: Pool) => pool.snapshot().counters;

describe.each([
  { kind: 'threads', options: {} },
  { kind: 'async', options: { kind: 'async' as const } },
])('decorated methods that stream, on $kind (P11)', ({ options, kind }) => {
  it('an async generator calls as it is first read, and yields its items', async () => {
    const { streaming, pool } = await service(options);
    const items = streaming.items(100);
    expect(counters(pool).submitted).toBe(0);
    expect(await collect(items)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(counters(pool)).toMatchObject({ submitted: 1, completed: 1 });
    expect((await streaming.thread()) === threadId).toBe(kind === 'async');
  });

  it('one that is left runs its finally, and the slot is free', async () => {
    const { streaming, pool } = await service(options);
    const marks = tally();
    for await (const n of streaming.items(1e6, marks.memory)) if (n === 20) break;
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    expect(marks.asked()).toBeLessThanOrEqual(21 + 20);
    expect(counters(pool).cancelled).toBe(1);
    expect(await streaming.aliased(1)).toBe(2);
  });

  it('an Observable is cold: each subscription is a call, and unsubscribing leaves it', async () => {
    const { streaming, pool } = await service(options);
    const marks = tally();
    const pushed = streaming.pushed(50, marks.memory);
    expect(pushed).toBeInstanceOf(Observable);
    expect(counters(pool).submitted).toBe(0);
    for (let i = 1; i <= 2; i++) {
      expect(await lastValueFrom(pushed.pipe(toArray()))).toHaveLength(50);
      expect([counters(pool).completed, marks.asked(), marks.finallyRan()]).toEqual([i, i, i]);
    }
    const ticks = await lastValueFrom(streaming.ticking(marks.memory).pipe(take(5), toArray()));
    expect(ticks).toEqual([0, 1, 2, 3, 4].map((at) => ({ data: { at } })));
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(3), 10_000);
    expect(counters(pool).cancelled).toBe(1);
    expect(await lastValueFrom(streaming.few())).toBe(2);
  });

  it('what is declared as an interface can be iterated, awaited and observed', async () => {
    const { streaming } = await service(options);
    expect(await collect(streaming.iterable(5))).toEqual([0, 1, 2, 3, 4]);
    expect(await collect(await streaming.iterable(3))).toEqual([0, 1, 2]);
    expect(await lastValueFrom(from(streaming.iterable(30)).pipe(toArray()))).toHaveLength(30);
    const iterator = streaming.iterable(3) as AsyncGenerator<number>;
    expect(await iterator.next()).toEqual({ done: false, value: 0 });
    await iterator.return(undefined);
  });

  it('what is an alias of a promise is awaited as ever', async () => {
    const { streaming } = await service(options);
    expect(await streaming.aliased(1)).toBe(2);
    expect(await streaming.aliasedList()).toEqual([1, 2, 3]);
    expect(await rejectionOf(streaming.aliasedFailure())).toEqual(new RangeError('not this'));
    expect(await lastValueFrom(from(streaming.aliased(2)))).toBe(3);
    const iterated = collect(streaming.aliased(1) as unknown as AsyncIterable<number>);
    expect(await rejectionOf(iterated)).toMatchObject({ code: 'NO_STREAM' });
  });

  it('tells a failure of the call where it is read', async () => {
    const { streaming } = await service(options);
    const items = streaming.checked(-1);
    expect(await rejectionOf(items.next())).toEqual(new RangeError('whose?'));
    expect(await collect(streaming.checked(1))).toEqual([1]);
  });

  it('withProgress hears what is reported inside it, and nobody else does', async () => {
    const { streaming } = await service(options);
    const heard: unknown[] = [];
    expect(
      await withProgress(
        (value) => heard.push(value),
        () => streaming.reporting(4),
      ),
    ).toBe('done');
    expect(heard).toEqual([0.25, 0.5, 0.75, 1].map((done) => ({ done })));
    await streaming.reporting(4);
    expect(heard).toHaveLength(4);
  });
});

describe('streams in an application (P11)', () => {
  it('move what their items hold, under transfer: result', async () => {
    const { streaming } = await service();
    expect(await collect(streaming.moving())).toEqual([new Uint8Array([1, 2, 3]), 0]);
  });

  it('yield instances where the method says of which class, one by one', async () => {
    const { streaming, pool } = await service();
    const amounts = await collect(streaming.amounts(3));
    expect(amounts.map((amount) => [amount instanceof Amount, amount.euros])).toEqual(
      [0, 0.01, 0.02].map((n) => [true, n]),
    );
    const read: number[] = [];
    const loop = (async () => {
      for await (const { n } of streaming.picky()) read.push(n);
    })();
    expect(await rejectionOf(loop)).toEqual(new RangeError('no threes'));
    expect(read).toEqual([0, 1, 2]);
    expect(counters(pool)).toMatchObject({ completed: 1, failed: 1 });
    expect(await streaming.aliased(1)).toBe(2);
  });

  it('of a stub that no application has say so where they are read', async () => {
    const stub = createStub(StreamingService) as StreamingService;
    expect(await rejectionOf(stub.items(1).next())).toMatchObject({ code: 'REMOTE_STUB' });
    expect(await rejectionOf(lastValueFrom(stub.few()))).toMatchObject({ code: 'REMOTE_STUB' });
    expect(await rejectionOf(collect(stub.iterable(1)))).toMatchObject({ code: 'REMOTE_STUB' });
    expect(await rejectionOf(stub.aliased(1))).toMatchObject({ code: 'REMOTE_STUB' });
  });

  it('run here under caller-runs, by the same rules', async () => {
    const { streaming, pool } = await service({ queue: { capacity: 1, overflow: 'caller-runs' } });
    await pool.ready();
    const marks = tally();
    const busy = streaming.items(Infinity)[Symbol.asyncIterator]();
    await busy.next();
    const waiting = streaming.items(10)[Symbol.asyncIterator]();
    const queued = waiting.next();
    for await (const n of streaming.items(1_000, marks.memory)) {
      expect(marks.asked()).toBeLessThanOrEqual(n + 17);
      if (n === 30) break;
    }
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    expect(counters(pool)).toMatchObject({ submitted: 3, cancelled: 1 });
    const heard: unknown[] = [];
    expect(
      await withProgress(
        (value) => heard.push(value),
        () => streaming.reporting(2),
      ),
    ).toBe('done');
    expect(heard).toEqual([{ done: 0.5 }, { done: 1 }]);
    await busy.return(undefined);
    expect(await queued).toEqual({ done: false, value: 0 });
    await waiting.return(undefined);
  });

  it('feed server-sent events and files, and end with their clients', async () => {
    const marks = tally();
    @Controller()
    class StreamingController {
      constructor(@Inject(StreamingService) private readonly streaming: StreamingService) {}
      @Sse('ticks')
      ticks() {
        return this.streaming.ticking(marks.memory);
      }
      @Get('file')
      file() {
        return new StreamableFile(Readable.from(this.texts()));
      }
      private async *texts() {
        for await (const n of this.streaming.items(1_000)) yield `${n}\n`;
      }
    }
    const app = await startApp({
      imports: [onePool()],
      providers: [StreamingService],
      controllers: [StreamingController],
    });
    const url = await listen(app);
    const text = await (await fetch(url('/file'))).text();
    expect(text.trim().split('\n')).toHaveLength(1_000);
    const client = new AbortController();
    const response = await fetch(url('/ticks'), { signal: client.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    while (!seen.includes('{"at":5}')) seen += (await reader.read()).value;
    client.abort();
    await reader.closed.catch(() => undefined);
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    expect(app.get(PoolService).snapshot('main').counters).toMatchObject({ completed: 1, cancelled: 1 });
  });

  it('@OnPoolEvent hears progress', async () => {
    const heard: PoolEvent<'progress'>[] = [];
    @Injectable()
    class Listener {
      @OnPoolEvent('main', 'progress')
      onProgress(event: PoolEvent<'progress'>) {
        heard.push(event);
      }
    }
    @Module({ imports: [onePool()], providers: [StreamingService, Listener] })
    class App {}
    const app = await startApp({ imports: [App] });
    await app.get(StreamingService).reporting(2);
    expect(heard).toMatchObject(
      [1, 2].map((done) => ({ task: 'StreamingService.reporting', value: { done: done / 2 } })),
    );
  });
});
