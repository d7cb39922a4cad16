import { expect, test } from 'vitest';
import { DryRunner } from '../../../lib/admin/dry-run/dry-runner.js';
import { HistoryRecorder } from '../../../lib/admin/history/history-recorder.js';
import { LiveEvents } from '../../../lib/admin/live/live-events.js';
import { LIVE_OPTIONS } from '../../../lib/admin/live/live-options.js';
import { DynamicPoolModule, PoolService } from '../../../lib/index.js';
import { FakeResponse, someRequest } from '../../support/fake-response.js';
import { startApp } from '../nest/support.js';

const tasks = {
  nap: () => 'rested',
  fall: () => {
    throw new RangeError('too far');
  },
};

test('Nest builds them from the pools of the application, and ends streams before the pools close', async () => {
  const app = await startApp({
    imports: [
      DynamicPoolModule.forRoot({ pools: { naps: { kind: 'async', tasks, size: { max: 4 }, scaling: false } } }),
    ],
    providers: [LiveEvents, HistoryRecorder, DryRunner, { provide: LIVE_OPTIONS, useValue: { maxClients: 1 } }],
  });
  const client = new FakeResponse();
  app.get(LiveEvents).open(someRequest, client.asResponse, null);
  const refused = new FakeResponse();
  app.get(LiveEvents).open(someRequest, refused.asResponse, null);
  expect([client.status, refused.status]).toEqual([200, 503]);

  const pool = app.get(PoolService).get('naps');
  await expect(pool.run('fall')).rejects.toThrow('too far');
  const history = app.get(HistoryRecorder);
  expect(history.failures('naps')).toMatchObject([{ task: 'fall', error: 'RangeError', count: 1 }]);
  expect(history.history('naps', 60)).toMatchObject({ pool: 'naps', at: expect.any(Array) });
  expect(history.bootMs('naps')).toBeGreaterThanOrEqual(0);
  await expect(app.get(DryRunner).run('naps', { policy: 'balanced' })).rejects.toMatchObject({
    code: 'DRY_RUN_NO_HISTORY',
  });

  await app.close();
  expect(client.writableEnded).toBe(true);
  expect(client.read().map(({ event, data }) => [event, data.state])).toEqual([['snapshot', 'open']]);
});
