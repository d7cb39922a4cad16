import { PoolConfigError } from '../../core/errors.js';
import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  show,
} from '../../core/validate.js';
import type { LoadShape } from '../load/load-shape.js';
import { isLoopback } from './loopback.js';
import type { SecondReport } from './load-report.js';

/** What is sent. */
export interface LiveRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** What the shape says of one arrival, beyond its time. */
export interface Disturbance {
  /** By how much its work should take longer; 1 as a rule. */
  readonly serviceFactor: number;
  /** Whether it should fail. */
  readonly fails: boolean;
}

export interface RunLoadOptions {
  /** http or https; on this machine, unless `allowRemote`. */
  readonly url: string | URL;
  /** Default GET, or POST where there is a body. */
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly shape: LoadShape;
  /** Requests of one seed leave at the same times. Default 1. */
  readonly seed?: number;
  /** Latency beyond which a request counts as late, milliseconds. Default: none does. */
  readonly objectiveMs?: number;
  /** Connections that are open at most; what comes while all are in use waits in line, which counts. Default 256. */
  readonly connections?: number;
  /** A connection on which nothing moves for so long fails its request, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long to wait for answers after the last arrival, milliseconds. Default 10,000. */
  readonly settleMs?: number;
  /** Changes the request of an arrival that is to be slow or to fail. Default: headers `x-load-service-factor`, `x-load-fail`. */
  readonly vary?: (disturbance: Disturbance) => Partial<LiveRequest>;
  /** Allows a host other than this machine. Only for what is yours to load. Default false. */
  readonly allowRemote?: boolean;
  /** Called once a second, and once more for what is left at the end. */
  readonly onSecond?: (second: SecondReport) => void;
  /** Stops at once; the report tells what was done until then. */
  readonly signal?: AbortSignal;
}

export interface CheckedLoad {
  readonly url: URL;
  readonly request: LiveRequest;
  readonly shape: LoadShape;
  readonly seed: number;
  readonly objectiveMs: number | null;
  readonly connections: number;
  readonly timeoutMs: number;
  readonly settleMs: number;
  readonly vary: (disturbance: Disturbance) => Partial<LiveRequest>;
  readonly onSecond: (second: SecondReport) => void;
  readonly signal: AbortSignal | undefined;
}

const KEYS = [
  'url',
  'method',
  'body',
  'headers',
  'shape',
  'seed',
  'objectiveMs',
  'connections',
  'timeoutMs',
  'settleMs',
  'vary',
  'allowRemote',
  'onSecond',
  'signal',
];

/** @throws PoolConfigError that names the option, its value and what is allowed. */
export function checkedLoad(options: RunLoadOptions): CheckedLoad {
  rejectUnknownKeys('runLoad', requireObject({ option: 'options' }, options), KEYS);
  const url = readUrl(options.url, options.allowRemote === true);
  const body = options.body === undefined ? undefined : Buffer.from(options.body);
  return {
    url,
    request: {
      method: (options.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase(),
      path: `${url.pathname}${url.search}`,
      headers: { ...options.headers },
      body,
    },
    shape: requireObject({ option: 'shape' }, options.shape) as unknown as LoadShape,
    seed: requireInteger({ option: 'seed' }, options.seed ?? 1, 0, 2 ** 31 - 1),
    objectiveMs:
      options.objectiveMs === undefined ? null : requireDuration({ option: 'objectiveMs' }, options.objectiveMs),
    connections: requireInteger({ option: 'connections' }, options.connections ?? 256, 1, 10_000),
    timeoutMs: requireDuration({ option: 'timeoutMs' }, options.timeoutMs ?? 30_000),
    settleMs: requireDuration({ option: 'settleMs' }, options.settleMs ?? 10_000),
    vary: options.vary ?? inHeaders,
    onSecond: options.onSecond ?? (() => undefined),
    signal: options.signal,
  };
}

function readUrl(given: unknown, allowRemote: boolean): URL {
  const url = URL.canParse(String(given)) ? new URL(String(given)) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw refusal({ option: 'url' }, given instanceof URL ? given.href : given, 'an http or https URL');
  }
  if (allowRemote || isLoopback(url.hostname)) return url;
  throw new PoolConfigError(
    `url is ${show(url.href)}, which is not on this machine. Load only what is yours to load, and allow it with allowRemote: true.`,
  );
}

function inHeaders({ serviceFactor, fails }: Disturbance): Partial<LiveRequest> {
  return {
    headers: {
      ...(serviceFactor !== 1 && { 'x-load-service-factor': String(serviceFactor) }),
      ...(fails && { 'x-load-fail': '1' }),
    },
  };
}
