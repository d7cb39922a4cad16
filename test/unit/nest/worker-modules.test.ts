import 'reflect-metadata';
import { forwardRef, Global, Inject, Injectable, Module } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { PoolWorker } from '../../../lib/index.js';
import { exportedTokens } from '../../../lib/nest/worker/exported-tokens.js';
import { injectedClasses } from '../../../lib/nest/worker/injected-classes.js';
import { needsInjector } from '../../../lib/nest/worker/needs-injector.js';

@Injectable()
class Deep {}

@Injectable()
class Middle {
  constructor(readonly deep: Deep) {}
}

@Injectable()
class Root {
  constructor(
    readonly middle: Middle,
    @Inject('TOKEN') readonly token: string,
    readonly text: string,
  ) {}
}

describe('the classes that a generated module provides by itself', () => {
  const names = (found: ReadonlyMap<Function, Function>) =>
    [...found].map(([cls, root]) => `${cls.name} for ${root.name}`);

  test('are those that constructors ask for, recursively', () => {
    expect(names(injectedClasses([Root], [], new Set()))).toEqual(['Middle for Root', 'Deep for Root']);
  });

  test('are not those that are listed, or that imports export', () => {
    expect(names(injectedClasses([Root], [{ provide: Middle, useValue: 1 }], new Set()))).toEqual([]);
    expect(names(injectedClasses([Root], [], new Set([Deep])))).toEqual(['Middle for Root']);
  });

  test('include what listed factories and classes ask for', () => {
    @PoolWorker({
      providers: [
        { provide: 'F', useFactory: () => 1, inject: [Deep] },
        { provide: 'C', useClass: Middle },
      ],
    })
    class Listed {}
    expect(names(injectedClasses([Listed], [], new Set()))).toEqual(['Deep for Listed']);
  });

  test('are none for a class that has imports: those are its word', () => {
    @PoolWorker({ imports: [class M {}] })
    @Injectable()
    class Importing {
      constructor(readonly deep: Deep) {}
    }
    expect(names(injectedClasses([Importing], [], new Set()))).toEqual([]);
  });

  test('are found behind forwardRef()', () => {
    @Injectable()
    class Circular {
      constructor(@Inject(forwardRef(() => Deep)) readonly deep: Deep) {}
    }
    expect(names(injectedClasses([Circular], [], new Set()))).toEqual(['Deep for Circular']);
  });
});

describe('the tokens that imports bring', () => {
  @Global()
  @Module({ providers: [Deep], exports: [Deep] })
  class GlobalModule {}

  @Module({ providers: ['x'] as never, exports: ['INNER'] })
  class InnerModule {}

  @Module({ imports: [InnerModule, GlobalModule], exports: [InnerModule, { provide: 'OWN', useValue: 1 }] })
  class OuterModule {}

  test('are those exported, re-exported, and those of global modules', async () => {
    const tokens = await exportedTokens([OuterModule]);
    expect([...tokens]).toEqual(expect.arrayContaining(['INNER', 'OWN', Deep]));
  });

  test('are not those of modules that are imported but not re-exported', async () => {
    @Module({ imports: [InnerModule] })
    class Private {}
    expect((await exportedTokens([Private])).has('INNER')).toBe(false);
    expect((await exportedTokens([Private, InnerModule])).has('INNER')).toBe(true);
  });

  test('are found in dynamic modules, promises and forward references', async () => {
    class Dynamic {}
    const dynamic = { module: Dynamic, exports: ['DYNAMIC'] };
    const tokens = await exportedTokens([Promise.resolve(dynamic), forwardRef(() => InnerModule)]);
    expect([...tokens]).toEqual(['DYNAMIC', 'INNER']);
  });
});

describe('a class is constructed without a container unless it', () => {
  class Bare {}
  class Inherits extends Middle {}
  class Untyped {
    constructor(readonly dependency: unknown) {}
  }
  class Property {
    @Inject('X') readonly x!: number;
  }
  @PoolWorker({ providers: [Deep] })
  class Listed {}

  test.each([
    [Bare, false],
    [Deep, false],
    [Middle, true],
    [Inherits, true],
    [Untyped, true],
    [Property, true],
    [Listed, true],
  ])('is given something: %o %s', (cls, expected) => {
    expect(needsInjector(cls)).toBe(expected);
  });
});
