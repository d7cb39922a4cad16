/** `#/` shows all pools, `#/pools/NAME` one. */
export type Route = { readonly view: 'overview' } | { readonly view: 'pool'; readonly pool: string };

export function parseHash(hash: string): Route {
  const match = /^#\/pools\/([^/]+)\/?$/.exec(hash);
  if (!match) return { view: 'overview' };
  try {
    return { view: 'pool', pool: decodeURIComponent(match[1]!) };
  } catch {
    return { view: 'overview' };
  }
}

export function linkTo(pool: string): string {
  return `#/pools/${encodeURIComponent(pool)}`;
}
