import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { checks } from './checks';
import { moreChecks } from './more-checks';

let app: INestApplication;

beforeAll(async () => {
  app = await NestFactory.create(AppModule, { logger: ['warn', 'error'], abortOnError: false });
  await app.listen(0, '127.0.0.1');
}, 60_000);

afterAll(() => app.close(), 60_000);

test.each([...checks, ...moreChecks])('$name', ({ run }) => run(app), 60_000);
