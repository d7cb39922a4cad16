import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, test } from 'vitest';
import { AppModule } from './app.module.js';
import { checks } from './checks.js';
import { moreChecks } from './more-checks.js';

let app: INestApplication;
const told: Record<string, true> = {};

beforeAll(async () => {
  app = await NestFactory.create(AppModule, { logger: ['warn', 'error'], abortOnError: false });
  await app.listen(0, '127.0.0.1');
});

afterAll(async () => {
  await app.close();
  process.stdout.write(`\n${JSON.stringify({ checks: told })}\n`);
});

test.each([...checks, ...moreChecks])('$name', async ({ name, run }) => {
  await run(app);
  told[name] = true;
});
