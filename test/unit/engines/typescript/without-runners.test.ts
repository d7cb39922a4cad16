import { expect, test } from 'vitest';
import { withoutRunners } from '../../../../lib/engines/typescript/without-runners.js';

test.each([
  [
    ['--require', '/x/node_modules/tsx/dist/preflight.cjs', '--import', 'file:///x/node_modules/tsx/dist/loader.mjs'],
    [],
  ],
  [['-r', 'ts-node/register', '--enable-source-maps'], ['--enable-source-maps']],
  [
    ['--import=@swc-node/register/esm-register', '--import', './own.js'],
    ['--import', './own.js'],
  ],
  [
    ['--loader', 'ts-node/esm', '-r', 'dotenv/config'],
    ['-r', 'dotenv/config'],
  ],
  [['--import', 'tsx'], []],
  [['-r', 'C:\\x\\node_modules\\@swc-node\\register\\index.js'], []],
])('of %j a thread with sources is given %j', (execArgv, kept) => {
  expect(withoutRunners(execArgv)).toEqual(kept);
});

test.each([[[]], [['--conditions', 'tsx']], [['--import', './tsx-like.js', '--require=my-ts-node']], [['--import']]])(
  'in %j there is none',
  (execArgv) => {
    expect(withoutRunners(execArgv)).toBeNull();
  },
);
