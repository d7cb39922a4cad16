/**
 * Where the API stands, seen from the page: the page's own address without `/ui`, so that any prefix, version or proxy in
 * front of it holds for both.
 */
export function apiBase(pathname: string): string {
  return pathname.replace(/\/ui\/?$/, '').replace(/\/$/, '');
}
