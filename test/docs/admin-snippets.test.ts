import { NestFactory } from '@nestjs/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PoolService } from 'nestjs-dynamic-pool';
import { AppModule } from '../fixtures/docs/admin-guard.js';

const OPERATOR = 'o'.repeat(32);
const VIEWER = 'v'.repeat(32);

async function start(env: Record<string, string>) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const app = await NestFactory.create(AppModule, { logger: false });
  onTestFinished(async () => {
    await app.close();
    vi.unstubAllEnvs();
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const ask = (method: string, path: string, token?: string) =>
    fetch(url + path, { method, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  return { app, ask };
}

it('the guard of docs/admin-api.md: tokens by role, nobody without one', async () => {
  const { app, ask } = await start({ POOL_OPERATOR_TOKEN: OPERATOR, POOL_VIEWER_TOKEN: VIEWER });
  expect((await ask('POST', '/pool/manual?size=2')).status).toBe(401);
  expect((await ask('POST', '/pool/manual?size=2', VIEWER)).status).toBe(403);
  expect((await ask('POST', '/pool/manual?size=2', `${OPERATOR}x`)).status).toBe(401);
  expect(app.get(PoolService).snapshot('images').override).toBeNull();
  expect((await ask('GET', '/pools', VIEWER)).status).toBe(200);
  const done = await ask('POST', '/pool/manual?size=2', OPERATOR);
  expect([done.status, await done.json()]).toEqual([200, expect.objectContaining({ target: 2 })]);
});

it('the guard of docs/admin-api.md: tokens that are missing or short let nobody in', async () => {
  const { ask } = await start({ POOL_OPERATOR_TOKEN: 'short', POOL_VIEWER_TOKEN: '' });
  for (const token of ['short', '', undefined]) expect((await ask('GET', '/pools', token)).status).toBe(401);
});
