import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { DynamicPoolModule, getPoolToken, type Pool } from 'nestjs-dynamic-pool';
import { NoopService } from '../workers/noop.service.js';
import type { Contender } from './contender.js';

/** An application with one pool. Its no-op can be called as a method of the provider, and as a task of the pool. */
export async function startOursInNest(threads: number): Promise<Contender> {
  @Module({
    imports: [
      ScheduleModule.forRoot(),
      DynamicPoolModule.forRoot({ pools: { bench: { size: { min: threads, max: threads } } } }),
    ],
    providers: [NoopService],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: ['error'] });
  const service = app.get(NoopService);
  const pool = app.get<Pool>(getPoolToken('bench'));
  await pool.ready();
  return {
    task: (name) => {
      if (name === 'pooledNoop') return (n: number) => service.noop(n);
      return (n) => pool.run('NoopService.noop', [n]);
    },
  };
}
