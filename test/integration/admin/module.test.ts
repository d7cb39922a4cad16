import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import { expect, test } from 'vitest';
import { PoolAdminModule } from '../../../lib/entries/admin.js';
import { DynamicPoolModule, PoolConfigError } from '../../../lib/index.js';
import { failure } from '../nest/support.js';
import { asking, slots, startAdmin } from './support.js';

const options = { logger: false, abortOnError: false } as const;
const pools = { images: slots() };

test('nothing of it is there unless it is imported', async () => {
  const app = await NestFactory.create(
    { module: class App {}, imports: [DynamicPoolModule.forRoot({ pools })] },
    options,
  );
  await app.listen(0, '127.0.0.1');
  const ask = asking((app.getHttpServer().address() as { port: number }).port);
  expect((await ask('GET /pools')).status).toBe(404);
  expect((await ask('POST /pool/manual?size=4')).status).toBe(404);
  await app.close();
});

test('without a PoolService it says what is missing', async () => {
  const imports = [PoolAdminModule.forRoot({ allowUnguarded: true })];
  const error = await failure(NestFactory.create({ module: class App {}, imports }, options));
  expect(error).toBeInstanceOf(PoolConfigError);
  expect(error.message).toContain('Import DynamicPoolModule.forRoot() or forRootAsync() in the root module');
});

test('where the pools are not global, they are named among its imports', async () => {
  const pooled = DynamicPoolModule.forRoot({ pools, isGlobal: false });
  const missing = [pooled, PoolAdminModule.forRoot({ allowUnguarded: true })];
  await expect(NestFactory.create({ module: class App {}, imports: missing }, options)).rejects.toThrow(
    'isGlobal: false',
  );
  const named = [pooled, PoolAdminModule.forRoot({ allowUnguarded: true, imports: [pooled] })];
  const app = await NestFactory.create({ module: class App {}, imports: named }, options);
  await app.listen(0, '127.0.0.1');
  const ask = asking((app.getHttpServer().address() as { port: number }).port);
  expect((await ask('GET /pools')).json).toMatchObject([{ name: 'images' }]);
  await app.close();
});

test('inside a worker of a pool it is empty, whatever its options', async () => {
  const entry = new URL('../../../lib/entries/admin.js', import.meta.url).href;
  const code = `import(${JSON.stringify(entry)}).then(({ PoolAdminModule }) => {
    const module = PoolAdminModule.forRoot({});
    require('node:worker_threads').parentPort.postMessage(Object.keys(module));
  })`;
  const worker = new Worker(code, { eval: true, workerData: { 'nestjs-dynamic-pool': {} } });
  const [keys] = (await once(worker, 'message')) as [string[]];
  expect(keys).toEqual(['module']);
  await worker.terminate();
});

test('an application context without a server starts and closes', async () => {
  const imports = [DynamicPoolModule.forRoot({ pools }), PoolAdminModule.forRoot({ allowUnguarded: true })];
  const app = await NestFactory.createApplicationContext({ module: class App {}, imports }, options);
  await app.close();
});

test('closing the application ends streams that are open, and leaves no timer behind', async () => {
  const { app, port } = await startAdmin('express', { pools, admin: { allowUnguarded: true } });
  const response = await fetch(`http://127.0.0.1:${port}/pools/events`);
  await app.close();
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(typeof text).toBe('string');
});
