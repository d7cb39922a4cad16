import { threadId } from 'node:worker_threads';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Exception,
  type Span,
} from '@opentelemetry/api';
import type { ContextCarrier, SurroundedTask } from '../core/contract/context-carrier.js';

/** What goes along of a trace. */
export interface CapturedTrace {
  /** What the propagator writes: by default `traceparent`, `tracestate` and `baggage`, as W3C says. */
  readonly fields: Readonly<Record<string, string>>;
  /** When the call was made, milliseconds since the epoch. */
  readonly calledAt: number;
}

/**
 * Takes the caller's trace along by the propagator of OpenTelemetry's API, and gives each run of a task a span of its own in
 * the worker: a child of the caller's, with the task's errors and status. It needs an SDK on either side; without a trace,
 * or without one on main, nothing goes along.
 * @publicApi
 * @example { provide: POOL_CONTEXT, useClass: OpenTelemetryCarrier }
 */
export class OpenTelemetryCarrier implements ContextCarrier<CapturedTrace> {
  capture(): CapturedTrace | undefined {
    const fields: Record<string, string> = {};
    propagation.inject(context.active(), fields);
    return Object.keys(fields).length === 0 ? undefined : { fields, calledAt: now() };
  }

  run<R>({ fields, calledAt }: CapturedTrace, task: () => R, about: SurroundedTask): R {
    const caller = propagation.extract(ROOT_CONTEXT, fields);
    // Baggage without a trace makes no span.
    if (!trace.getSpanContext(caller)) return context.with(caller, task);
    return inSpan(caller, about, now() - calledAt, task);
  }

  correlationId(): string | undefined {
    return trace.getActiveSpan()?.spanContext().traceId;
  }

  /** What the SDK has not exported yet would be lost with the thread. */
  async close(): Promise<void> {
    await flush(trace.getTracerProvider());
  }
}

function inSpan<R>(
  caller: Context,
  { pool, task, workerId, attempt }: SurroundedTask,
  waitMs: number,
  run: () => R,
): R {
  const attributes = {
    'pool.name': pool,
    'pool.task': task,
    'pool.worker_id': workerId,
    'pool.attempt': attempt,
    'pool.wait_ms': waitMs,
    'thread.id': threadId,
  };
  const span = trace.getTracer('nestjs-dynamic-pool').startSpan(task, { attributes }, caller);
  const failed = (error: unknown) => fail(span, error);
  try {
    const result = context.with(trace.setSpan(caller, span), run);
    if (result instanceof Promise) result.then(() => span.end(), failed);
    else span.end();
    return result;
  } catch (error) {
    failed(error);
    throw error;
  }
}

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : (message as Exception));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end();
}

/** The provider of an SDK flushes; the API's own is a stand-in for it, which tells whom it stands for. */
async function flush(provider: unknown): Promise<void> {
  const { getDelegate } = provider as { getDelegate?: () => unknown };
  const real = (getDelegate?.call(provider) ?? provider) as { forceFlush?: () => Promise<void> };
  await real.forceFlush?.();
}

/** On a clock that all threads share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
