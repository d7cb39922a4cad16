import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';

const create = () =>
  process.env['PLATFORM'] === 'fastify'
    ? NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] })
    : NestFactory.create(AppModule, { logger: ['error'] });

const app = await create();
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
process.send?.({ url: await app.getUrl() });
