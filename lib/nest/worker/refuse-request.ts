import 'reflect-metadata';
import { REQUEST } from '@nestjs/core';
import { PoolConfigError } from '../../core/errors.js';
import type { Wrapper } from '../provided-classes.js';
import type { PlannedClass } from '../worker-plan.js';
import { WAYS_AROUND_REQUEST } from '../load-errors.js';

const OPTIONAL_PARAMS = 'optional:paramtypes';
const OPTIONAL_PROPERTIES = 'optional:properties_metadata';
/** Where Nest's own `REQUEST` is; one that the worker's modules provide themselves has a value. */
const NEST_CORE = 'InternalCoreModule';

/**
 * Refuses a class that is given the request, itself or through what it injects: in a worker it would be `undefined`.
 * @throws PoolConfigError naming the class, the way to the request, and the ways out.
 */
export function refuseRequest(pool: string, { className, file }: PlannedClass, wrapper: Wrapper): void {
  const path = pathToRequest(wrapper, new Set());
  if (!path) return;
  const through = path.length > 1 ? ` through ${path.slice(1).join(', which is given ')}` : '';
  throw new PoolConfigError(
    `pool '${pool}': a worker cannot build ${className}${file === null ? '' : ` (${file})`}: it is given REQUEST${through}, and there is no request in a worker. ${WAYS_AROUND_REQUEST}`,
    { pool },
  );
}

/** The names of the providers from this one to the one that is given the request; `null` where none is. */
function pathToRequest(wrapper: Wrapper, seen: Set<Wrapper>): string[] | null {
  if (seen.has(wrapper)) return null;
  seen.add(wrapper);
  for (const dependency of requiredBy(wrapper)) {
    const isRequest = dependency.token === REQUEST && dependency.host?.name === NEST_CORE;
    const below = isRequest ? [] : pathToRequest(dependency, seen);
    if (below) return [String(wrapper.name), ...below];
  }
  return null;
}

function requiredBy(wrapper: Wrapper): Wrapper[] {
  const parameters = wrapper.getCtorMetadata() ?? [];
  const properties = wrapper.getPropertiesMetadata() ?? [];
  const [optional, optionalKeys] = optionalOf(wrapper);
  return [
    ...parameters.filter((found, index) => found && !optional.includes(index)),
    ...properties.filter(({ key }) => !optionalKeys.includes(key)).map((property) => property.wrapper),
  ];
}

/** The parameters and properties under `@Optional()`, or optional in a factory's `inject`. */
function optionalOf({ inject, metatype }: Wrapper): [params: readonly number[], properties: readonly unknown[]] {
  if (inject) {
    const isOptional = (token: unknown) =>
      typeof token === 'object' && (token as { optional?: unknown })?.optional === true;
    return [inject.flatMap((token, index) => (isOptional(token) ? [index] : [])), []];
  }
  if (!metatype) return [[], []];
  const params = (Reflect.getMetadata(OPTIONAL_PARAMS, metatype) as readonly number[] | undefined) ?? [];
  const keys = (Reflect.getMetadata(OPTIONAL_PROPERTIES, metatype) as readonly unknown[] | undefined) ?? [];
  return [params, keys];
}
