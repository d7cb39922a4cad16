import type { PoolService } from '../../nest/pool.service.js';
import { callOf } from './admin-call.js';
import type { HttpRequest } from './http-parts.js';
import { refused } from './refused.js';

/** No pool that could be asked for has a longer name. */
const LONGEST_NAME = 200;

/**
 * The pool that the path names, exactly: no path is ever made of it.
 * @throws Refused 404 naming the pools there are; only those with a role come this far.
 */
export function poolOf(pools: PoolService, request: HttpRequest): string {
  return requirePool(pools, request, request.params?.['name'] ?? '');
}

export function requirePool(pools: PoolService, request: HttpRequest, name: string): string {
  if (name.length > LONGEST_NAME || !pools.has(name)) {
    const told = name.length > LONGEST_NAME ? 'of a name this long' : JSON.stringify(name);
    throw refused(404, `there is no pool ${told}.`, { pools: pools.pools() });
  }
  callOf(request).pool = name;
  return name;
}
