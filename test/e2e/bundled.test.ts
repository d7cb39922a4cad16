import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packLibrary } from '../support/packed-library.js';
import { findNode } from '../toolchains/runner/node-version.js';
import { readToolchains } from '../toolchains/runner/toolchain.js';
import { tryToolchain } from '../toolchains/runner/try-toolchain.js';

const root = process.cwd();
const [esbuild] = readToolchains(path.join(root, 'test/toolchains/apps'), 'esbuild-nest12');
let home: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(path.join(tmpdir(), 'bundled-')));
});

afterAll(() => rm(home, { recursive: true, force: true }));

// The quickest of `npm run test:toolchains`, which has them all.
it('runs on threads with all of it in one minified bundle, and says what a bundle without an entry lacks (U7)', async () => {
  const tarball = await packLibrary(root, home);
  const node = await findNode(process.versions.node.split('.')[0]!, home);
  const shared = path.join(root, 'test/toolchains/shared');
  const [trial] = await tryToolchain(esbuild!, [node], { home, tarball, shared });
  expect(trial).toMatchObject({ ok: true, problem: null, checks: { 'refusal without entry': true, exit: true } });
}, 180_000);
