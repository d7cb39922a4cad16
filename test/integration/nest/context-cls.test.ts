import { CLS_ID, CLS_REQ, ClsServiceManager } from 'nestjs-cls';
import { expect, test } from 'vitest';
import type { Provider } from '@nestjs/common';
import { ClsCarrier } from '../../../lib/entries/cls.js';
import { POOL_CONTEXT, TaskCloneError } from '../../../lib/index.js';
import { PlainClsService } from '../../fixtures/context/cls.service.js';
import { failure, onePool, startApp } from './support.js';

const cls = ClsServiceManager.getClsService();

async function start(carrier: object = { useClass: ClsCarrier }) {
  const providers = [PlainClsService, { provide: POOL_CONTEXT, ...carrier } as Provider];
  return (await startApp({ imports: [onePool()], providers })).get(PlainClsService);
}

test('the store of nestjs-cls is there in the worker, with its id; what cannot cross stays behind (U8)', async () => {
  const service = await start();
  const store = {
    [CLS_ID]: 'req-1',
    [CLS_REQ]: { socket: process.stdout },
    user: { name: 'Ada', since: new Date(0) },
    rights: new Set(['read']),
    render: () => 'a function',
    service: { render() {} },
  };
  expect(await cls.runWith(store as never, () => service.store())).toEqual({
    isActive: true,
    id: 'req-1',
    values: { user: { name: 'Ada', since: new Date(0) }, rights: new Set(['read']) },
  });
});

test('without a store on main there is none in the worker; an empty one is active there (U8)', async () => {
  const service = await start();
  expect(await service.store()).toEqual({ isActive: false, id: null, values: {} });
  expect(await cls.run(() => service.store())).toEqual({ isActive: true, id: null, values: {} });
});

test('what a task sets stays in the worker, and in that task', async () => {
  const service = await start();
  await cls.runWith({ user: 'Ada' } as never, async () => {
    await service.change();
    expect(cls.get('user')).toBe('Ada');
    expect((await service.store()).values).toEqual({ user: 'Ada' });
  });
  expect((await service.store()).isActive).toBe(false);
});

test('keys choose what goes along, paths too; a value that cannot cross is refused with its path', async () => {
  const service = await start({ useFactory: () => new ClsCarrier({ keys: ['user.name', 'task'] }) });
  const store = { user: { name: 'Ada', secret: 's' }, other: 1 };
  expect(await cls.runWith(store as never, () => service.store())).toMatchObject({ values: { user: { name: 'Ada' } } });
  const error = await failure(cls.runWith({ task: { run() {} } } as never, () => service.store()));
  expect(error).toBeInstanceOf(TaskCloneError);
  expect(error).toMatchObject({ path: 'context.ClsCarrier.values.task.run' });
  expect(await cls.run(() => service.store())).toMatchObject({ isActive: true });
});
