import 'reflect-metadata';
import { PoolConfigError } from '../../core/errors.js';
import { checkRetries } from '../../core/pool/check-retries.js';
import { PRIORITY_LEVELS } from '../../core/queue/priority-queue.js';
import { refusal, rejectUnknownKeys, requireDuration, requireInteger, requireObject } from '../../core/validate.js';
import type { PooledTaskOptions } from '../interfaces/pooled-task-options.js';
import { answerOf } from '../method-answer.js';
import { isDeclared, type AnyMethod, type PooledMethod } from '../pooled-methods.js';
import { checkRevival } from './check-revival.js';

const KEYS = [
  'pool',
  'name',
  'timeoutMs',
  'queueTimeoutMs',
  'priority',
  'tenant',
  'transfer',
  'idempotent',
  'retries',
  'returns',
  'accepts',
] as const satisfies readonly (keyof PooledTaskOptions)[];

/** Options of `@PooledTask`, checked; a string is the pool's name. */
export function checkPooledTaskOptions(input: unknown): PooledTaskOptions {
  const options = typeof input === 'string' ? { pool: input } : requireObject({ option: '@PooledTask()' }, input);
  rejectUnknownKeys('@PooledTask()', options, KEYS);
  const { pool, name, timeoutMs, queueTimeoutMs, priority, tenant, transfer } = options as Readonly<
    Record<string, unknown>
  >;
  if (typeof pool !== 'string' || pool === '') {
    throw refusal(
      { option: '@PooledTask({ pool })' },
      pool,
      'the name of a pool of forRoot(), forRootAsync() or forFeature()',
    );
  }
  const at = (key: string) => ({ pool, option: `@PooledTask({ ${key} })` });
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw refusal(at('name'), name, 'a non-empty string');
  }
  if (timeoutMs !== undefined) requireDuration(at('timeoutMs'), timeoutMs);
  if (queueTimeoutMs !== undefined) requireDuration(at('queueTimeoutMs'), queueTimeoutMs);
  if (priority !== undefined) requireInteger(at('priority'), priority, 0, PRIORITY_LEVELS - 1);
  if (tenant !== undefined && typeof tenant !== 'string' && typeof tenant !== 'function') {
    throw refusal(at('tenant'), tenant, 'a string, or a function of the arguments that returns one');
  }
  if (
    transfer !== undefined &&
    typeof transfer !== 'function' &&
    !['args', 'result', 'both'].includes(String(transfer))
  ) {
    throw refusal(at('transfer'), transfer, "'args', 'result', 'both', or a function of the arguments that lists them");
  }
  checkRetries(at, options);
  checkRevival(at, options);
  return Object.freeze({ ...options }) as unknown as PooledTaskOptions;
}

/**
 * The method that is decorated, if a worker can run it.
 * @throws PoolConfigError naming class, method and the way out.
 */
export function checkPooledMethod(
  target: unknown,
  key: unknown,
  descriptor: PropertyDescriptor | undefined,
): Pick<PooledMethod, 'method' | 'original' | 'answer'> & { readonly prototype: object } {
  if (typeof key === 'object' && key !== null && 'kind' in key) {
    throw new PoolConfigError(
      '@PooledTask works with legacy decorators, as Nest does: set "experimentalDecorators": true in tsconfig.json.',
    );
  }
  const isStatic = typeof target === 'function';
  const className = isStatic ? target.name : ((target as object).constructor?.name ?? 'a class');
  const method = `${className}.${String(key)}`;
  if (isStatic) throw misplaced(method, 'is static; a worker calls methods of an instance. Make it an instance method');
  if (typeof key === 'symbol')
    throw misplaced(method, 'is named by a symbol, which cannot be sent. Give it a string name');
  const original = descriptor?.value as unknown;
  if (typeof original !== 'function') {
    throw misplaced(method, 'is not a method. Decorate a method, not an accessor or a property');
  }
  if (isDeclared(target as object, key as string)) throw misplaced(method, 'is decorated twice. Keep one of the two');
  const answer = answerOf(target as object, key as string, original as AnyMethod);
  if (typeof answer === 'string') throw misplaced(method, answer);
  return { prototype: target as object, method: key as string, original: original as AnyMethod, answer };
}

function misplaced(method: string, problem: string): PoolConfigError {
  return new PoolConfigError(`@PooledTask on ${method}: the method ${problem}.`);
}
