import { Module } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { threadId } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { PoolConfigError } from '../../../lib/index.js';
import { PlainService } from '../../fixtures/nest/plain.service.js';
import { Mailer, RivalA, RivalB, UsesMailer } from '../../fixtures/nest/rivals.service.js';
import { failure, onePool, Remembering, startApp } from './support.js';

describe('what a worker builds', () => {
  it('refuses two classes of one pool that provide a token differently', async () => {
    const options = { provide: 'OPTIONS', useValue: 'main' };
    const error = await failure(startApp({ imports: [onePool()], providers: [RivalA, RivalB, options] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/RivalA and on RivalB provide OPTIONS differently/);
  });

  it('warns where the application provides a dependency otherwise than by its class', async () => {
    const logger = new Remembering();
    const mailer = { provide: Mailer, useValue: Object.assign(new Mailer(), { host: 'smtp.example' }) };
    await startApp({ imports: [onePool()], providers: [UsesMailer, mailer] }, logger);
    const warnings = logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => String(message));
    expect(warnings).toContainEqual(expect.stringMatching(/UsesMailer is given Mailer.*@PoolWorker/));
  });

  it('says nothing where the class is provided as it is', async () => {
    const logger = new Remembering();
    await startApp({ imports: [onePool()], providers: [UsesMailer, Mailer] }, logger);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('warns once of a class that came by a module loaded after the start, whose calls run in place (U4)', async () => {
    const logger = new Remembering();
    const app = await startApp({ imports: [onePool()], providers: [UsesMailer, Mailer] }, logger);
    const warnings = () => logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => String(message));
    @Module({ providers: [PlainService] })
    class LateModule {}
    const late = (await app.get(LazyModuleLoader).load(() => LateModule)).get(PlainService);
    expect(await late.thread()).toBe(threadId);
    expect(await late.thread()).toBe(threadId);
    expect(warnings()).toEqual([
      expect.stringMatching(/^PlainService came with a module that was loaded after the start .*'main'.*run on this/),
    ]);
  });

  it('logs a worker that crashes (P9)', async () => {
    const logger = new Remembering();
    const app = await startApp({ imports: [onePool()], providers: [UsesMailer, Mailer] }, logger);
    await app.get(UsesMailer).leaveTimeBomb();
    await vi.waitFor(
      () => expect(logger.lines.map(({ message }) => String(message)).join('\n')).toMatch(/pool 'main'.*late/),
      10_000,
    );
  });
});
