import type { FileReader } from './files.js';

/** A cgroup that this process is in, or one above it: limits of all of them hold. */
export interface Cgroup {
  readonly version: 1 | 2;
  readonly folder: string;
}

/** What is read for a controller: version 1 has a tree of its own for each, version 2 one for all. */
export type Controller = 'cpu' | 'memory';

const V2_MOUNT = '/sys/fs/cgroup';

/**
 * The cgroups of this process for one controller, innermost first, up to the root of the mount, by /proc/self/cgroup
 * (cgroups(7)). Folders that are not there are listed all the same: inside a container without a cgroup namespace the
 * path is that of the host, while the mount's root is the container's own group.
 */
export function cgroupsOf(controller: Controller, files: FileReader): readonly Cgroup[] {
  const paths = ownPaths(controller, files.read('/proc/self/cgroup') ?? '');
  const v2 = upwards(paths.v2).map((path) => ({ version: 2 as const, folder: V2_MOUNT + path }));
  const v1 = upwards(paths.v1).map((path) => ({ version: 1 as const, folder: `${V2_MOUNT}/${controller}${path}` }));
  return [...v2, ...v1];
}

/** Lines are `hierarchy:controllers:path`; version 2 has no controllers listed. */
function ownPaths(controller: Controller, text: string): { v1: string; v2: string } {
  const found = { v1: '', v2: '' };
  for (const line of text.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers === '') found.v2 = path.join(':');
    else if (controllers?.split(',').includes(controller)) found.v1 = path.join(':');
  }
  return found;
}

/** `/a/b` → `/a/b`, `/a`, and the root as the empty string. A path that leads out of the mount has only the root. */
function upwards(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.includes('..')) return [''];
  return Array.from({ length: parts.length + 1 }, (_, up) =>
    parts
      .slice(0, parts.length - up)
      .map((part) => `/${part}`)
      .join(''),
  );
}
