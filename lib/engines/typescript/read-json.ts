import { readFileSync } from 'node:fs';

/** A string, a comment, or a comma before a closing bracket. Strings come first, so that what stands in one is kept. */
const TOKEN = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;

/** Reads JSON as tools write it: with comments and commas at the end. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, '').replace(TOKEN, (_, string: string | undefined) => string ?? ''));
}

/**
 * The object in a file, or `null` if there is no such file.
 * @throws Error naming the file, if it holds no object.
 */
export function readJsonObject(file: string): Readonly<Record<string, unknown>> | null {
  const text = readIfThere(file);
  if (text === null) return null;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const object = asObject(value);
  if (object) return object;
  throw new Error(`${file} cannot be read: it holds no object`);
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : null;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
