import { refusal, requireInteger, type Place } from '../validate.js';

const MOST_RETRIES = 100;

/** Checks what a call says about running again. @throws PoolConfigError */
export function checkRetries(
  at: (option: string) => Place,
  { idempotent, retries }: { readonly idempotent?: unknown; readonly retries?: unknown },
): void {
  if (idempotent !== undefined && typeof idempotent !== 'boolean') {
    throw refusal(at('idempotent'), idempotent, 'true or false');
  }
  if (retries === undefined) return;
  requireInteger(at('retries'), retries, 0, MOST_RETRIES);
  if (idempotent) return;
  throw refusal(at('retries'), retries, 'left out where idempotent is not true: no other task runs again');
}
