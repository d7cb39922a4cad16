import type { ErrorObject } from 'ajv';
import { show, suggest } from '../core/validate.js';
import type { NodePath } from './document.js';
import { placeOf } from './option-path.js';
import { COLD_OPTIONS } from './schema.js';

/** What is wrong with a document, in words, and where. */
export interface Explanation {
  readonly message: string;
  readonly path: NodePath;
  readonly at: 'key' | 'value';
}

type Keyword = (error: ErrorObject, path: NodePath) => Explanation;

/** A schema that failed offers several errors where it has alternatives: the deepest says what was meant. */
export function explain(errors: readonly ErrorObject[]): Explanation {
  const own = errors.filter(({ keyword }) => !['anyOf', 'oneOf', 'if'].includes(keyword));
  const depth = Math.max(...own.map(depthOf));
  const deepest = own.filter((error) => depthOf(error) === depth);
  const telling = ['discriminator', 'additionalProperties', 'required'];
  const found = telling.flatMap((keyword) => deepest.filter((error) => error.keyword === keyword))[0];
  if (!found) return notAllowed(deepest);
  const path = pathOf(found);
  return KEYWORDS[found.keyword]!(found, path);
}

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  discriminator({ parentSchema, data, params }, path) {
    const types = (parentSchema!['oneOf'] as { properties: { type: { const: string } } }[]).map(
      ({ properties }) => properties.type.const,
    );
    const { type } = data as { type?: unknown };
    const near = typeof type === 'string' ? suggest(type, types) : '';
    const what = params['error'] === 'tag' ? 'has no type that is a name' : `has the type ${show(type)}, which is none`;
    const message = `${inWords(path)} ${what}.${near} There are: ${types.join(', ')}.`;
    return { message, path: type === undefined ? path : [...path, 'type'], at: 'value' };
  },
  additionalProperties({ parentSchema, params }, path) {
    const key = String(params['additionalProperty']);
    const at = { path: [...path, key], at: 'key' } as const;
    const { pool, option } = placeOf(at.path);
    if (pool !== undefined && COLD_OPTIONS.includes(option)) {
      return { ...at, message: `${inWords(at.path)} needs a restart; it stands in code.` };
    }
    const known = Object.keys(parentSchema!['properties'] as object);
    const message = `${inWords(path)} has no option ${show(key)}.${suggest(key, known)} Options: ${known.join(', ')}.`;
    return { ...at, message };
  },
  required({ params }, path) {
    return { message: `${inWords(path)} lacks ${params['missingProperty']}.`, path, at: 'value' };
  },
};

/** A value that none of the alternatives takes. */
function notAllowed(errors: readonly ErrorObject[]): Explanation {
  const [first] = errors;
  const path = pathOf(first!);
  const { data } = first!;
  const words = errors.flatMap(({ keyword, params }) =>
    keyword === 'enum'
      ? (params['allowedValues'] as string[])
      : keyword === 'const'
        ? [String(params['allowedValue'])]
        : [],
  );
  const near = typeof data === 'string' ? suggest(data, words) : '';
  // A text is a misspelt word rather than something of another kind.
  const hasWords = errors.some(({ keyword }) => keyword === 'enum');
  const relevant = typeof data === 'string' && hasWords ? errors.filter(({ keyword }) => keyword !== 'type') : errors;
  const allowed = [...new Set(relevant.map((error) => allowedBy(error)))].join(', or ');
  const key = first!.propertyName;
  if (key !== undefined) {
    const message = `${inWords(path)} has the name ${show(key)}, but a name has at most 64 letters, digits, _ and -, a letter first.`;
    return { message, path: [...path, key], at: 'key' };
  }
  return { message: `${inWords(path)} is ${show(data)}, but must be ${allowed}.${near}`, path, at: 'value' };
}

function allowedBy({ keyword, params, parentSchema = {}, message = '' }: ErrorObject): string {
  const { type, properties } = parentSchema as { type?: unknown; properties?: object };
  if (keyword === 'enum') return `one of ${(params['allowedValues'] as string[]).join(', ')}`;
  if (keyword === 'const') return show(params['allowedValue']);
  if (keyword === 'minItems') return 'a list with at least one entry';
  if (keyword === 'minProperties') return 'an object with at least one entry';
  if (keyword === 'minLength') return 'a text that is not empty';
  if (/[mM]inimum|[mM]aximum/.test(keyword)) return numberIn(parentSchema);
  if (keyword !== 'type') return message;
  if ('const' in parentSchema) return show(parentSchema['const']);
  const types = [type].flat();
  if (types.includes('number') || types.includes('integer')) return numberIn(parentSchema);
  if (types.includes('object')) return properties ? `an object of ${Object.keys(properties).join(', ')}` : 'an object';
  const words: Record<string, string> = { array: 'a list', boolean: 'true or false', string: 'a text', null: 'null' };
  if (parentSchema['enum']) return `one of ${(parentSchema['enum'] as string[]).join(', ')}`;
  return types.map((name) => words[String(name)]).join(' or ');
}

/** The bounds of a number, in words. */
function numberIn(schema: Readonly<Record<string, unknown>>): string {
  const { type, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema as Record<string, number | undefined>;
  const kind = type === ('integer' as unknown) ? 'a whole number' : 'a number';
  const low =
    minimum !== undefined
      ? ` from ${grouped(minimum)}`
      : exclusiveMinimum !== undefined
        ? ` above ${exclusiveMinimum}`
        : '';
  const upTo = minimum === undefined ? ' up to' : ' to';
  const high =
    maximum !== undefined
      ? `${upTo} ${grouped(maximum)}`
      : exclusiveMaximum !== undefined
        ? ` below ${exclusiveMaximum}`
        : '';
  const none = Array.isArray(type) && (type as string[]).includes('null') ? ', or null for none' : '';
  return `${kind}${low}${low && high && upTo !== ' to' ? ' and' : ''}${high}${none}`;
}

function inWords(path: NodePath): string {
  const { pool, option } = placeOf(path);
  if (pool === undefined) return option === '' ? 'the document' : option;
  return option === '' ? `pool '${pool}'` : `pool '${pool}': ${option}`;
}

function depthOf({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

function pathOf({ instancePath }: ErrorObject): NodePath {
  const steps = instancePath.split('/').slice(1);
  return steps.map((step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(key) ? Number(key) : key;
  });
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
