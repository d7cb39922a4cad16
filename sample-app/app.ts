import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { AppConfig } from './config/app-config.js';

/** Starts the whole service; it listens where `AppConfig` says. */
export async function startApp(): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule);
  // Finishes what the pools have accepted before the process ends with code 0.
  app.enableShutdownHooks([], { useProcessExit: true });

  const description = new DocumentBuilder().setTitle('Back office').setDescription('Thumbnails and reports').build();
  SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, description));

  const { host, port } = app.get(AppConfig, { strict: false });
  await app.listen(port, host);
  return app;
}
