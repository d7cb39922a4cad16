import type { Type } from '@nestjs/common';
import { ChangesController } from '../changes.controller.js';
import { EventsController } from '../events.controller.js';
import { ManualController } from '../manual.controller.js';
import { ReadsController } from '../reads.controller.js';
import * as schemas from './schemas.js';
import type { Schema } from './schemas.js';

/** What is told of one route. */
export interface RouteDescription {
  readonly controller: Type;
  readonly method: string;
  readonly summary: string;
  /** Answers by status; refusals that every route may give are added. */
  readonly answers: Readonly<Record<number, Schema | 'events'>>;
  readonly named?: boolean;
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: { readonly schema: Schema; readonly required: boolean };
  readonly refusals?: readonly number[];
}

const { poolView, text } = schemas;
const upTo = (maximum: number, value: number): Schema => ({ type: 'integer', minimum: 1, maximum, default: value });
const who = { schema: schemas.whoBody, required: false } as const;

const reads: readonly RouteDescription[] = [
  read('list', 'Every pool.', schemas.listOf(poolView), { named: false }),
  read('one', 'A pool: its state, load, workers, policy and health.', poolView),
  read('decisions', 'What the autoscaler decided and why, newest first.', schemas.listOf(schemas.decision), {
    query: { limit: upTo(1_000, 100) },
  }),
  read('health', 'Whether a pool is well, and why not.', schemas.healthView, {
    answers: { 200: schemas.healthView, 503: schemas.healthView },
  }),
  read(
    'policy',
    'By what a pool sizes itself.',
    schemas.objectOf({ policy: schemas.policy, objectiveMs: schemas.number }),
  ),
  read('history', 'The last minutes, a sample a second, oldest first.', schemas.history, {
    query: { seconds: upTo(900, 600) },
  }),
  read(
    'failures',
    'Failed calls by task and kind of error; no messages, no arguments.',
    schemas.listOf(schemas.failure),
  ),
  read('quarantine', 'Tasks that no worker runs, since they made too many exit; no arguments.', schemas.quarantine, {
    query: { limit: upTo(1_000, 100) },
  }),
  read('dryRun', 'What another policy would have done with the last minutes.', schemas.dryRun, {
    body: { schema: schemas.dryRunBody, required: true },
    refusals: [409, 413, 415],
  }),
];

const changes: readonly RouteDescription[] = [
  change('override', 'Pins the size, until it is released or for a time. Waits up to 2 s for it to follow.', {
    body: { schema: schemas.overrideBody, required: true },
  }),
  change('release', 'Releases the size: the autoscaler goes on.', { body: who }),
  change('policy', 'Another policy, as a whole.', { body: { schema: schemas.policyBody, required: true } }),
  change('pause', 'Nothing new starts; calls queue.', { body: who }),
  change('resume', 'Ends a pause or a drain.', { body: who }),
  change('drain', 'Refuses new calls and finishes what was accepted. Does not wait for that.', {
    body: who,
    answers: { 202: poolView },
  }),
  change('releaseQuarantined', 'Lets tasks in quarantine run again: one of them, or all.', {
    body: { schema: schemas.releaseBody, required: false },
    answers: { 200: schemas.quarantineRelease },
  }),
];

export const ROUTES: readonly RouteDescription[] = [
  ...reads,
  ...changes,
  {
    controller: ManualController,
    method: 'resize',
    summary: 'Pins the size of the only pool, or of the one that is named.',
    query: { size: { type: 'integer', minimum: 1 }, pool: text },
    answers: { 200: poolView },
    refusals: [404, 409, 415, 422],
  },
  {
    controller: EventsController,
    method: 'open',
    summary: 'What happens to the pools, as server-sent events: snapshot, decision, resized, worker, gap.',
    answers: { 200: 'events' },
    refusals: [503],
  },
];

function read(method: string, summary: string, answer: Schema, more: Partial<RouteDescription> = {}): RouteDescription {
  const refusals = more.named === false ? [422] : [404, 422, ...(more.refusals ?? [])];
  return { controller: ReadsController, method, summary, named: true, answers: { 200: answer }, ...more, refusals };
}

function change(method: string, summary: string, more: Partial<RouteDescription>): RouteDescription {
  const refusals = [404, 409, 413, 415, 422];
  return { controller: ChangesController, method, summary, named: true, answers: { 200: poolView }, ...more, refusals };
}
