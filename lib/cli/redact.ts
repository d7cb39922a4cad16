/** Shorter ones are no secrets, and would be cut out of ordinary words. */
const SHORTEST = 4;
const INSTEAD = '[token]';

/** Cuts a token out of texts, in each form in which a server may send it back; without a token texts stay as they are. */
export function redactor(token: string | undefined): (text: string) => string {
  const secret = token?.trim() ?? '';
  if (secret.length < SHORTEST) return (text) => text;
  const inJson = JSON.stringify(secret).slice(1, -1);
  const forms = [...new Set([secret, inJson, encodeURIComponent(secret)])];
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, INSTEAD), text);
}

/** The same for everything within an answer, names of fields too. */
export function redacted(value: unknown, redact: (text: string) => string): unknown {
  return mapTexts(value, redact);
}

/** A copy of what came as JSON, with all its texts changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  // Defines each field, so that none called `__proto__` sets anything.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), mapTexts(each, change)]));
}
