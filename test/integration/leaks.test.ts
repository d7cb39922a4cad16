import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const probe = fileURLToPath(new URL('../fixtures/leaks/leak-probe.js', import.meta.url));

it('leaves no handle, thread or listener behind after 200 pools were opened and closed (P8)', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [probe], { timeout: 120_000 });
  const { before, after } = JSON.parse(stdout) as { before: object; after: object };
  expect(after).toEqual(before);
}, 120_000);

const longMap = fileURLToPath(new URL('../fixtures/leaks/map-memory.js', import.meta.url));

it('keeps memory flat over a map of 200,000 items (P11)', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', longMap], { timeout: 120_000 });
  const { read, grownMb } = JSON.parse(stdout) as { read: number; grownMb: number };
  expect(read).toBe(200_000);
  // An item that stayed would cost some 50 bytes at least: 7 MB.
  expect(grownMb).toBeLessThan(3);
}, 120_000);

const longStream = fileURLToPath(new URL('../fixtures/leaks/stream-memory.js', import.meta.url));

it('keeps memory flat over a stream of a million items, which ends within 20 items of its reader leaving (P11)', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', longStream], { timeout: 120_000 });
  const told = JSON.parse(stdout) as Record<'mostAhead' | 'asked' | 'grownMb' | 'sourceGrownMb', number> & {
    sourceHeaps: number[];
  };
  expect(told).toMatchObject({ read: 1_000_000, ended: 1 });
  expect(told.mostAhead).toBeLessThanOrEqual(16);
  expect(told.asked).toBeLessThanOrEqual(1_000_020);
  // Items that stayed would cost some 8 bytes each at least: 6 MB.
  expect(told.grownMb).toBeLessThan(3);
  expect(Math.min(...told.sourceHeaps)).toBeGreaterThan(1);
  expect(told.sourceGrownMb).toBeLessThan(3);
}, 120_000);
