/** Nobody nests a policy deeper than this; what does is told as custom. */
const DEEPEST = 12;
const LONGEST_NAME = 80;
/** Fields that carry what lets somebody in, such as the headers of a `prometheus` signal: told by name, never by value. */
const SECRET = new Set(['headers']);

/** A part of a policy that is no JSON: an object or a function of the application's own. */
export interface CustomPart {
  readonly type: 'custom';
  /** Name of its class, or of the function. */
  readonly name: string;
}

/**
 * A policy, a part of one, or another option, as JSON for logs, events and answers over HTTP: objects with methods and functions are told as `{ type: 'custom', name }`, numbers
 * that JSON lacks as text, headers and passwords in addresses without their values. What it returns is new.
 */
export function policyView(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutCredentials(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return custom(value.name);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth > DEEPEST) return custom('too deep');
  if (Array.isArray(value)) return value.map((item) => policyView(item, depth + 1));
  if (!isPlain(value)) return custom(className(value));
  const told = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => [key, SECRET.has(key) ? namesOnly(field) : policyView(field, depth + 1)] as const);
  return Object.fromEntries(told);
}

/** Whether a policy has parts that are no JSON, so that no other thread or process can build it. */
export function hasCustomPart(value: unknown, depth = 0): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (depth > DEEPEST) return true;
  if (Array.isArray(value)) return value.some((item) => hasCustomPart(item, depth + 1));
  return !isPlain(value) || Object.values(value).some((field) => hasCustomPart(field, depth + 1));
}

/** An object of data: no class of its own, and no method. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !['decide', 'apply', 'predict', 'read'].some(
    (method) => typeof (value as Record<string, unknown>)[method] === 'function',
  );
}

function custom(name: unknown): CustomPart {
  return { type: 'custom', name: typeof name === 'string' && name !== '' ? name.slice(0, LONGEST_NAME) : 'anonymous' };
}

function className(value: object): unknown {
  const { constructor } = value as { constructor?: { name?: unknown } };
  return constructor?.name;
}

function namesOnly(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return custom('hidden');
  return Object.fromEntries(Object.keys(fields).map((name) => [name, '***']));
}

/** User and password of an address. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/i, '$1***@');
}
