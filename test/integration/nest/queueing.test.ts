import { describe, expect, it } from 'vitest';
import { PoolService } from '../../../lib/index.js';
import { QueueingService } from '../../fixtures/nest/queueing.service.js';
import { onePool, startApp } from './support.js';

/** An application whose one worker is paused, so that calls queue up. */
async function paused(queue: NonNullable<Parameters<typeof onePool>[0]>['queue']) {
  const app = await startApp({ imports: [onePool({ queue })], providers: [QueueingService] });
  const pools = app.get(PoolService);
  pools.pause('main');
  return { service: app.get(QueueingService), pools };
}

describe('how decorated calls wait', () => {
  it('by priority: @PooledTask({ priority })', async () => {
    const { service, pools } = await paused({ order: 'priority' });
    const order: string[] = [];
    const calls = [service.plain(), service.urgent()].map((call) => call.then((name) => order.push(name)));
    pools.resume('main');
    await Promise.all(calls);
    expect(order).toEqual(['urgent', 'plain']);
  });

  it('in fair turns: @PooledTask({ tenant }), told from the arguments (C4)', async () => {
    const { service, pools } = await paused({ order: 'fair' });
    const order: string[] = [];
    const calls = ['a', 'a', 'a', 'b'].map((tenant) => service.forTenant(tenant).then((name) => order.push(name)));
    pools.resume('main');
    await Promise.all(calls);
    expect(order).toEqual(['a', 'b', 'a', 'a']);
  });

  it("on the caller's thread when the queue is full: overflow 'caller-runs' (P4)", async () => {
    const app = await startApp({
      imports: [onePool({ queue: { capacity: 1, overflow: 'caller-runs' } })],
      providers: [QueueingService],
    });
    const service = app.get(QueueingService);
    const places = await Promise.all(Array.from({ length: 6 }, () => service.where()));
    expect(new Set(places)).toEqual(new Set(['worker', 'main']));
    expect(app.get(PoolService).snapshot('main').counters).toMatchObject({ submitted: 6, completed: 6 });
  });
});
