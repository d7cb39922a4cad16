/** Names of fields whose values may be secrets. */
const SECRET = 'headers';

/**
 * A value of the options as plain data, for logs and events: parts of the user's own become `{ type: 'custom', name }`, and
 * HTTP headers, which may hold a token, are left out.
 */
export function asData(value: unknown): unknown {
  if (typeof value === 'function') return { type: 'custom', name: value.name };
  if (Array.isArray(value)) return value.map(asData);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  const entries = Object.entries(value);
  if (!isPlain || entries.some(([, field]) => typeof field === 'function')) {
    return { type: 'custom', name: isPlain ? 'object' : (value.constructor?.name ?? 'object') };
  }
  return Object.fromEntries(entries.map(([key, field]) => [key, key === SECRET ? '(left out)' : asData(field)]));
}
