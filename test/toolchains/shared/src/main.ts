import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { checks, type Check } from './checks.js';
import { moreChecks } from './more-checks.js';

/** Runs the checks one by one and prints one line; that the process then ends by itself is for its parent to see. */
async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'], abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const told: Record<string, true | string> = {};
  for (const check of [...checks, ...moreChecks]) told[check.name] = await outcome(check, app);
  await app.close();
  process.stdout.write(`${JSON.stringify({ checks: told })}\n`);
}

async function outcome({ run }: Check, app: INestApplication): Promise<true | string> {
  try {
    await run(app);
    return true;
  } catch (error) {
    return String(error);
  }
}

void main();
