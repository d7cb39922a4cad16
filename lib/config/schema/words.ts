import { LONGEST_DELAY_MS } from '../../core/clock.js';

/** A JSON Schema (draft 7), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The most workers a pool can have. */
const MOST_WORKERS = 1_024;

/** Milliseconds above 0 and up to what a timer honours. */
export function durationMs(description: string, fallback?: number): JsonSchema {
  return { description, type: 'number', exclusiveMinimum: 0, maximum: LONGEST_DELAY_MS, ...defaultOf(fallback) };
}

/** As `durationMs`; `null` switches the deadline off. */
export function deadlineMs(description: string): JsonSchema {
  return { ...durationMs(`${description} null: none.`), type: ['number', 'null'], default: null };
}

export function workers(description: string, fallback?: number): JsonSchema {
  return { description, type: 'integer', minimum: 1, maximum: MOST_WORKERS, ...defaultOf(fallback) };
}

/** A number, with bounds as JSON Schema has them. */
export function number(description: string, bounds: JsonSchema = {}, fallback?: number): JsonSchema {
  return { description, type: 'number', ...bounds, ...defaultOf(fallback) };
}

/** Above 0 and below 1. */
export function share(description: string, fallback?: number): JsonSchema {
  return number(description, { exclusiveMinimum: 0, exclusiveMaximum: 1 }, fallback);
}

/** The name of a signal of the policy. */
export function signal(description: string, fallback?: string): JsonSchema {
  return { description, type: 'string', minLength: 1, ...defaultOf(fallback) };
}

export function text(description: string): JsonSchema {
  return { description, type: 'string', minLength: 1 };
}

export function oneOf(description: string, words: readonly string[], fallback?: string): JsonSchema {
  return { description, type: 'string', enum: words, ...defaultOf(fallback) };
}

/** An object with these fields and no others. */
export function object(
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return {
    description,
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}

/** As `object`; YAML leaves `null` where everything below a key is commented out, which sets nothing. */
export function group(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { ...object(description, properties), type: ['object', 'null'] };
}

/** One part of a policy: an object that is known by its `type`. */
export function part(
  type: string,
  description: string,
  fields: Readonly<Record<string, JsonSchema>> = {},
  required: readonly string[] = [],
): JsonSchema {
  return object(description, { type: { const: type }, ...fields }, ['type', ...required]);
}

/** A part of any of these types. */
export function family(description: string, parts: readonly JsonSchema[]): JsonSchema {
  return {
    description,
    type: 'object',
    required: ['type'],
    discriminator: { propertyName: 'type' },
    oneOf: parts,
  };
}

export function reference(definition: string): JsonSchema {
  return { $ref: `#/definitions/${definition}` };
}

function defaultOf(fallback: unknown): JsonSchema {
  return fallback === undefined ? {} : { default: fallback };
}
