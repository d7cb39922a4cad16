import { Injectable, type CanActivate } from '@nestjs/common';
import { expect, test } from 'vitest';
import { resolveAdminOptions } from '../../../lib/admin/admin-options.js';
import { PoolAdminModule, type PoolAdminOptions } from '../../../lib/entries/admin.js';
import { PoolConfigError } from '../../../lib/index.js';

@Injectable()
class Guard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}
const guarded = { guards: [Guard], role: () => 'viewer' } as const;

test('without a guard it does not start, and says what to do', () => {
  for (const options of [
    undefined,
    {},
    { guards: [] },
    { allowUnguarded: false },
    { role: () => 'operator' as const },
  ]) {
    expect(() => PoolAdminModule.forRoot(options)).toThrow(PoolConfigError);
    expect(() => PoolAdminModule.forRoot(options)).toThrow('Give it guards: [YourGuard] and role');
  }
});

test('guards without a role do not start either', () => {
  expect(() => PoolAdminModule.forRoot({ guards: [Guard] })).toThrow('has guards but no role');
});

test.each<[unknown, string]>([
  [{ allowUnguarded: 'yes' }, 'allowUnguarded is "yes", but must be true or false.'],
  [{ ...guarded, guards: [new Guard()] }, 'guards[0] is an object, but must be a class with canActivate().'],
  [{ ...guarded, guards: [class {}] }, 'guards[0] is a function, but must be a class with canActivate().'],
  [{ ...guarded, guards: Guard }, 'guards is function Guard, but must be an array of guard classes.'],
  [{ ...guarded, role: 'operator' }, 'role is "operator", but must be a function.'],
  [{ ...guarded, owner: 'ada' }, 'owner is "ada", but must be a function.'],
  [{ ...guarded, path: '' }, 'path is ""'],
  [{ ...guarded, path: 'pools/:x' }, 'path is "pools/:x"'],
  [{ ...guarded, path: '../x' }, 'path is "../x"'],
  [{ ...guarded, path: 'a//b' }, 'path is "a//b"'],
  [{ ...guarded, ui: 1 }, 'ui is 1'],
  [{ ...guarded, imports: {} }, 'imports is an object'],
  [{ ...guarded, origins: ['*'] }, 'origins[0] is "*"'],
  [{ ...guarded, origins: ['https://ops.example.com/'] }, 'origins[0] is "https://ops.example.com/"'],
  [{ ...guarded, origins: ['null'] }, 'origins[0] is "null"'],
  [{ ...guarded, rateLimit: true }, 'rateLimit is true'],
  [{ ...guarded, rateLimit: { changesPerMinute: 0 } }, 'rateLimit.changesPerMinute is 0'],
  [{ ...guarded, rateLimit: { changes: 4 } }, 'rateLimit has no option "changes".'],
  [{ ...guarded, guard: Guard }, "Did you mean 'guards'?"],
])('refuses %o', (options, message) => {
  expect(() => PoolAdminModule.forRoot(options as PoolAdminOptions)).toThrow(message);
});

test('allowUnguarded beside guards changes nothing: the guards are asked', () => {
  expect(resolveAdminOptions({ ...guarded, allowUnguarded: true }).isUnguarded).toBe(false);
  expect(resolveAdminOptions({ allowUnguarded: true })).toMatchObject({
    isUnguarded: true,
    path: 'pools',
    ui: true,
    rateLimit: { changesPerMinute: 120, readsPerMinute: 1_200 },
  });
});

test('slashes around the path do not matter', () => {
  expect(resolveAdminOptions({ ...guarded, path: '/ops/pools/' }).path).toBe('ops/pools');
});
