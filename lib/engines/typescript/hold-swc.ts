import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { readJsonObject } from './read-json.js';
import { findSwc, loadSwc } from './swc.js';

/**
 * Loads `@swc/core` on the thread that has the pool, before any worker does. The native part of recent versions takes the
 * first thread that loads it for the main one, and once that thread is gone, one that loads it later crashes the process
 * (microsoft/mimalloc#1287). A thread that has a pool and is not the main one itself is that of a test runner: then
 * only the main thread could help, and a warning says so.
 */
export function holdSwc(file: string | URL): void {
  const place = findSwc(file);
  if (place === null) return;
  if (!isMainThread && crashesAfterFirst(versionOf(place)) && !isLoaded()) {
    process.emitWarning(
      "@swc/core is loaded first by a thread that will end, and may then crash the process when the next one loads it. Load it on the main thread: with vitest, write import '@swc/core' in vitest.config.ts, or leave out pool: 'threads'.",
      { code: 'DYNAMIC_POOL_SWC' },
    );
  }
  try {
    loadSwc(fileURLToPath(file));
  } catch {
    // The worker will say the same, with the pool and the file.
  }
}

/** Seen with 1.16.18 to 1.16.22, and not up to 1.16.13; no version is known yet that has it mended. */
export function crashesAfterFirst(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 1 || minor > 16 || (minor === 16 && patch > 13);
}

function versionOf(place: string): string {
  return String(readJsonObject(path.join(path.dirname(place), 'package.json'))?.version ?? '0');
}

/** Whether any thread of this process has loaded the native part. */
function isLoaded(): boolean {
  const { sharedObjects } = process.report.getReport() as { readonly sharedObjects?: readonly string[] };
  return sharedObjects?.some((file) => /[\\/]swc[.-]/.test(file)) ?? false;
}
