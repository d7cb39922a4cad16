/** Says where a value is not what it must be, as in `.counters is missing`, or `null` where all is well. */
export type Check = (value: unknown) => string | null;

export const text: Check = (value) => (typeof value === 'string' ? null : wrong(value, 'a text'));

/** JSON has no infinity and turns it into `null`. */
export const number: Check = (value) => (typeof value === 'number' || value === null ? null : wrong(value, 'a number'));

export const flag: Check = (value) => (typeof value === 'boolean' ? null : wrong(value, 'true or false'));

export const anything: Check = (value) => (value === undefined ? wrong(value, 'there') : null);

export function orNull(check: Check): Check {
  return (value) => (value === null ? null : check(value));
}

export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrong(value, 'a list');
    for (const [index, each] of value.entries()) {
      const found = check(each);
      if (found !== null) return `[${index}]${found}`;
    }
    return null;
  };
}

/** Fields by name, each with the same check. */
export function recordOf(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return wrong(value, 'an object');
    for (const [key, each] of Object.entries(value)) {
      const found = check(each);
      if (found !== null) return `.${key}${found}`;
    }
    return null;
  };
}

/** An object with at least these fields; a newer application may tell more. */
export function shape(fields: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isObject(value)) return wrong(value, 'an object');
    for (const [key, check] of Object.entries(fields)) {
      const found = check(Object.hasOwn(value, key) ? value[key] : undefined);
      if (found !== null) return `.${key}${found}`;
    }
    return null;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(value: unknown, expected: string): string {
  return value === undefined ? ' is missing' : ` is not ${expected}`;
}
