/** Names of fields whose values may be secrets. */
const SECRET = 'headers';
/** Methods by which a part of the user's own is known. */
const METHODS = ['decide', 'apply', 'predict', 'read'];

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
  const fields = value as Readonly<Record<string, unknown>>;
  if (!isPlain || METHODS.some((method) => typeof fields[method] === 'function')) {
    return { type: 'custom', name: isPlain ? 'object' : (value.constructor?.name ?? 'object') };
  }
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, key === SECRET ? '(left out)' : asData(field)]),
  );
}
