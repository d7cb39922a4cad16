import { NestFactory } from '@nestjs/core';
import { PoolService } from 'nestjs-dynamic-pool';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Dictionary, Spelling, SpellingModule } from '../fixtures/docs/broadcast.js';
import { DocumentDesk, DocumentsModule } from '../fixtures/docs/failures.js';

async function application(module: object) {
  const app = await NestFactory.createApplicationContext(module as never, { logger: false });
  onTestFinished(() => app.close());
  return app;
}

describe('docs/failures.md (P9)', () => {
  it('refuses the document that cost three workers, tells of it, and lets it in again', async () => {
    const app = await application(DocumentsModule);
    const desk = app.get(DocumentDesk);
    const told: string[] = [];
    desk.log.error = (message: string) => void told.push(message);
    expect(await desk.pages('one\ftwo')).toBe(2);
    expect(await desk.pages('%crash%')).toBe('refused');
    expect(told).toEqual([expect.stringMatching(/^Documents\.pages cost 3 workers: pool 'documents': worker \d+/)]);
    expect(await desk.pages('one')).toBe(1);
    expect(app.get(PoolService).quarantined('documents')).toMatchObject([{ task: 'Documents.pages', crashes: 3 }]);
    expect(desk.releaseAll()).toBe(1);
    expect(app.get(PoolService).quarantined('documents')).toEqual([]);
  });
});

describe('docs/streams-and-batches.md, broadcast (P14)', () => {
  it('teaches every worker, and those that start later', async () => {
    const app = await application(SpellingModule);
    await app.get(Dictionary).publish(['ant', 'bee']);
    await app.get(PoolService).resize('spelling', 3);
    const answers = await app.get(PoolService).get('spelling').broadcast('Spelling.isKnown', ['bee']);
    expect(answers).toEqual([true, true, true]);
    expect(await app.get(Spelling).isKnown('cow')).toBe(false);
  });
});
