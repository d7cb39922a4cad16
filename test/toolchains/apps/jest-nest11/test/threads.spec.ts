import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
// The compiled files: threads load them by themselves, and no transform of jest reaches there.
import { AppModule } from '../dist/app.module';
import { checks } from '../dist/checks';

let app: INestApplication;

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
});

afterAll(() => app.close());

test.each(checks)('$name', ({ run }) => run(app));
