import { context, propagation, trace, TraceFlags } from '@opentelemetry/api';
import { threadId } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { OpenTelemetryCarrier } from '../../../lib/entries/opentelemetry.js';
import { POOL_CONTEXT } from '../../../lib/index.js';
import { exporter, finished, TracedService } from '../../fixtures/context/traced.service.js';
import { onePool, Remembering, startApp } from './support.js';

const tracer = trace.getTracer('application');
const carrier = { provide: POOL_CONTEXT, useClass: OpenTelemetryCarrier };

async function start(logger?: Remembering) {
  const app = await startApp({ imports: [onePool()], providers: [TracedService, carrier] }, logger);
  return app.get(TracedService);
}

/** Runs in a span of the caller; tells that span as main's exporter has it. */
async function inCall(run: () => Promise<unknown>) {
  exporter.reset();
  await tracer.startActiveSpan('call', async (span) => {
    await run().catch(() => undefined);
    span.end();
  });
  return finished().find(({ name }) => name === 'call')!;
}

test('a task is a span of the worker, a child of its caller’s; spans within it are its children (U8)', async () => {
  const service = await start();
  let told: unknown;
  const caller = await inCall(async () => (told = await service.work()));
  expect(told).toBe(caller.traceId);
  // Asked for outside a trace, so that asking is no span.
  const spans = await service.spans();
  const task = spans.find(({ name }) => name === 'TracedService.work')!;
  expect(task).toMatchObject({ traceId: caller.traceId, parent: caller.spanId, failed: null });
  expect(task.attributes).toEqual({
    'pool.name': 'main',
    'pool.task': 'TracedService.work',
    'pool.worker_id': expect.any(Number),
    'pool.attempt': 1,
    'pool.wait_ms': expect.any(Number),
    'thread.id': expect.any(Number),
  });
  expect(task.attributes['thread.id']).not.toBe(threadId);
  expect(spans.find(({ name }) => name === 'inner')).toMatchObject({ traceId: caller.traceId, parent: task.spanId });
  expect(spans).toHaveLength(2);
  expect(finished().map(({ name }) => name)).toEqual(['call']);
});

test('a task that fails says so in its span: status and exception', async () => {
  const service = await start();
  const caller = await inCall(() => service.work('too far'));
  const task = (await service.spans()).find(({ name }) => name === 'TracedService.work')!;
  expect(task).toMatchObject({ parent: caller.spanId, failed: 'too far', events: [['exception', 'RangeError']] });
});

test('a stream is one span, from its first item to its end', async () => {
  const service = await start();
  const spanIds = new Set<string | null>();
  const caller = await inCall(async () => {
    for await (const spanId of service.items('over')) spanIds.add(spanId);
  });
  const [span, ...others] = await service.spans();
  expect(others).toEqual([]);
  expect(span).toMatchObject({ name: 'TracedService.items', parent: caller.spanId, failed: 'over' });
  expect([...spanIds]).toEqual([span!.spanId]);
});

test('a call outside a trace is no span; a trace that is not sampled goes along and is not exported', async () => {
  const service = await start();
  expect(await service.work()).toBeNull();
  const before = await service.spans();
  expect(before.map(({ name }) => name)).toEqual(['inner']);
  const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE };
  const unsampled = trace.setSpan(context.active(), trace.wrapSpanContext(spanContext));
  expect(await context.with(unsampled, () => service.work())).toBe(spanContext.traceId);
  expect(await service.spans()).toHaveLength(1);
});

test('baggage alone goes along, and makes no span', async () => {
  const service = await start();
  const baggage = propagation.createBaggage({ tenant: { value: 'acme' } });
  await context.with(propagation.setBaggage(context.active(), baggage), () => service.work());
  expect((await service.spans()).map(({ name }) => name)).toEqual(['inner']);
});

test('log lines of a traced task are found by the trace’s id', async () => {
  const logger = new Remembering();
  const service = await start(logger);
  const { traceId } = await inCall(() => service.log());
  const line = logger.lines.find(({ context }) => context === 'Traced')!;
  expect(line.message).toMatch(new RegExp(`^\\[main thread \\d+ TracedService\\.log id=${traceId}\\] here$`));
});
