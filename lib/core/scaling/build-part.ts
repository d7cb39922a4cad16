import { refusal, requireObject, type Place } from '../validate.js';
import type { PolicyContext } from './policy-context.js';
import { SpecReader } from './spec-reader.js';
import { unknownName } from './unknown-name.js';

/** Builds a part from its options; `nested` builds a part of the same family within it. */
export type Builder<Part> = (read: SpecReader, nested: (spec: unknown, place: Place) => Part) => Part;

/** A family of parts: how each type is built, and the method by which a part of the user's own is known. */
export interface Family<Part> {
  readonly what: string;
  readonly method: string;
  readonly types: Readonly<Record<string, Builder<Part>>>;
}

/** Builds what `spec` describes; a part of the user's own is taken as it is. */
export function buildPart<Part>(family: Family<Part>, spec: unknown, place: Place, context: PolicyContext): Part {
  const { type, [family.method]: method } = requireObject(place, spec);
  if (typeof method === 'function') return spec as Part;
  const names = Object.keys(family.types);
  const at = { pool: place.pool, option: `${place.option}.type` };
  if (typeof type !== 'string') throw refusal(at, type, `one of ${names.join(', ')}`);
  if (!Object.hasOwn(family.types, type)) throw unknownName(at, type, family.what, names);
  return family.types[type]!(new SpecReader(spec, place, context), (inner, at) =>
    buildPart(family, inner, at, context),
  );
}
