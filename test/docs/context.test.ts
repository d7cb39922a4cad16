import { NestFactory } from '@nestjs/core';
import { Module, type Provider, type Type } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { ScheduleModule } from '@nestjs/schedule';
import { CLS_ID, ClsService } from 'nestjs-cls';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DynamicPoolModule, POOL_CONTEXT, PoolService } from 'nestjs-dynamic-pool';
import { AuditedService } from '../fixtures/context/audited.service.js';
import { Reports, ReportsModule } from '../fixtures/docs/context-cls.js';
import { greetings } from '../fixtures/docs/context-core.js';
import { start as startLogged } from '../fixtures/docs/context-logs.js';
import { actAs, ActorCarrier, Audit } from '../fixtures/docs/context-own.js';
import { Invoices, InvoicesModule, tenants } from '../fixtures/docs/context-tenant.js';
import { Maps, MapsModule } from '../fixtures/docs/context-traces.js';
import '../fixtures/docs/context-tracing.js';

async function start(module: Type, logger: { log(...all: unknown[]): void } | false = false) {
  const app = await NestFactory.createApplicationContext(module, {
    logger: logger && { ...logger, warn() {}, error() {} },
    abortOnError: false,
  });
  onTestFinished(() => app.close());
  return app;
}

it('AsyncLocalStorage: the tenant of the caller is there in the worker, its request in the log line (U8)', async () => {
  const lines: unknown[] = [];
  const app = await start(InvoicesModule, { log: (line) => void lines.push(line) });
  const invoices = app.get(Invoices);
  expect(await tenants.run({ name: 'acme', requestId: 'req-42' }, () => invoices.render(12))).toBe('acme: 12.00');
  expect(lines).toContainEqual(expect.stringMatching(/^\[invoices thread \d+ Invoices\.render id=req-42\] rendering$/));
  expect(await invoices.render(1)).toBe('undefined: 1.00');
});

it('a carrier of your own: built with what it injects, in the worker (U8)', async () => {
  @Module({
    imports: [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: { main: { size: { max: 1 } } } })],
    providers: [AuditedService, Audit, { provide: POOL_CONTEXT, useClass: ActorCarrier } satisfies Provider],
  })
  class App {}
  const app = await start(App);
  const lines = await actAs('Ada', () => app.get(AuditedService).lines());
  expect(lines).toEqual(['Ada runs AuditedService.lines in main']);
  expect(app.get(Audit).lines).toEqual([]);
});

it('nestjs-cls: the store and its id are there in the worker (U8)', async () => {
  const app = await start(ReportsModule);
  const cls = app.get(ClsService);
  const title = await cls.run(async () => {
    cls.set(CLS_ID, 'req-7');
    cls.set('user', 'Ada');
    return app.get(Reports).title();
  });
  expect(title).toBe('Ada, request req-7');
  expect(app.get(PoolService).snapshot('reports').counters.completed).toBe(1);
});

it('OpenTelemetry: the task runs in the trace of its caller (U8)', async () => {
  const app = await start(MapsModule);
  const [inTrace, callers] = await trace.getTracer('docs').startActiveSpan('call', async (span) => {
    const traceId = await app.get(Maps).tile();
    span.end();
    return [traceId, span.spanContext().traceId];
  });
  expect(inTrace).toBe(callers);
  expect(await app.get(Maps).tile()).toBeUndefined();
});

it('log lines as JSON: with pool, task and correlation id as fields', async () => {
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const app = await startLogged();
  onTestFinished(() => app.close());
  await tenants.run({ name: 'acme', requestId: 'req-42' }, () => app.get(Invoices).render(12));
  const line = out.mock.calls.map(([text]) => String(text)).find((text) => text.includes('rendering'))!;
  expect(JSON.parse(line)).toMatchObject({
    level: 'log',
    message: 'rendering',
    context: 'Invoices',
    pool: 'invoices',
    thread: expect.any(Number),
    task: 'Invoices.render',
    correlationId: 'req-42',
  });
});

it('without Nest: the tasks’ module exports the carriers (U8)', async () => {
  expect(await greetings()).toEqual(['Bonjour', 'Hallo']);
});
