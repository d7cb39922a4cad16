import { threadId } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { PoolService } from '../../../lib/index.js';
import { gate, ImagesController } from '../../fixtures/nest/images.controller.js';
import { Clock, InjectedService, Settings } from '../../fixtures/nest/injected.service.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { createApp, listen, onePool } from './support.js';

const pooled = { controllers: [ImagesController], providers: [InjectedService, Settings, Clock, PlainService] };

describe('over HTTP, without a line of user code', () => {
  test('an exception thrown in a thread is the same status and body; a time-out is a 504', async () => {
    const app = await createApp({ imports: [onePool()], ...pooled });
    const url = await listen(app);

    const refused = await fetch(url('/refuse'));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ statusCode: 400, message: ['width is odd'], error: 'Bad Request', hint: 7 });

    const slow = await fetch(url('/slow'));
    expect(slow.status).toBe(504);
    expect(await slow.json()).toMatchObject({ statusCode: 504, error: 'Gateway Timeout' });
    expect(slow.headers.has('retry-after')).toBe(false);
  });

  test('a full pool is a 503 with Retry-After; so is a closed one', async () => {
    const app = await createApp({ imports: [onePool({ queue: { capacity: 1 } })], ...pooled });
    const url = await listen(app);
    const pool = app.get(PoolService).get('main');
    const running = new Promise((resolve) => pool.on('started', resolve));
    const first = fetch(url('/wait'));
    await running;
    const second = fetch(url('/wait'));
    await new Promise<void>((resolve) => pool.on('submitted', () => resolve()));

    const refused = await fetch(url('/wait'));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ statusCode: 503, error: 'Service Unavailable' });

    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    await pool.close();
    const closed = await fetch(url('/wait'));
    expect([closed.status, closed.headers.get('retry-after')]).toEqual([503, '1']);
  });

  test("a controller's own method can be pooled; its route and parameters stay", async () => {
    const app = await createApp({ imports: [onePool()], ...pooled });
    const url = await listen(app);
    const answer = (await (await fetch(url('/route?width=7'))).json()) as { threadId: number; width: string };
    expect(answer.width).toBe('7');
    expect(answer.threadId).not.toBe(threadId);
  });
});
