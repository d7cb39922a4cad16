import type { Type } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { PoolConfigError, PoolService } from '../../../lib/index.js';
import {
  Brick,
  Circle,
  NamedOne,
  NamedTwo,
  RoundedSquare,
  Square,
  Stone,
  UserRepository,
} from '../../fixtures/nest/family.service.js';
import { failure, onePool, startApp } from './support.js';

const start = (...providers: Type[]) => startApp({ imports: [onePool()], providers });

describe('pooled methods of a family of classes', () => {
  test('are inherited by each subclass, under its own name, with its own accessors', async () => {
    const app = await start(Circle, Square);
    expect(await app.get(Circle).tell()).toBe('a circle in the worker');
    expect(await app.get(Square).tell()).toBe('the square in the worker');
    expect(Object.keys(app.get(PoolService).snapshot('main').tasks).toSorted()).toEqual(['Circle.tell', 'Square.tell']);
  });

  test('are overridden by a decorated method, whose super call runs in place, in the worker', async () => {
    const app = await start(Square);
    expect(await app.get(Square).draw('mm')).toBe('Square in the worker over square of Shape in the worker, in mm');
    expect(app.get(PoolService).snapshot('main').counters.submitted).toBe(1);
  });

  test('are overridden level by level', async () => {
    const app = await start(RoundedSquare);
    expect(await app.get(RoundedSquare).draw()).toBe(
      'RoundedSquare over Square in the worker over rounded square of Shape in the worker',
    );
  });

  test('run in place when super calls them on the main thread: they are not the task', async () => {
    const app = await start(Square);
    expect(await app.get(Square).drawBase()).toBe('square of Shape in the main, in mm');
    expect(app.get(PoolService).snapshot('main').counters.submitted).toBe(0);
  });

  test('call super in an async pool without going round in circles', async () => {
    const app = await startApp({ imports: [onePool({ kind: 'async' })], providers: [Square] });
    expect(await app.get(Square).draw()).toBe('Square in the main over square of Shape in the main');
    expect(app.get(PoolService).snapshot('main').counters.submitted).toBe(1);
  });

  test('come out of mixins', async () => {
    const app = await start(Stone, Brick);
    expect(await app.get(Stone).weigh()).toBe('Stone weighed in the worker');
    expect(await app.get(Brick).weigh()).toBe('Brick weighed in the worker');
    expect(await app.get(Brick).tell()).toBe('a circle in the worker');
  });

  test('may be generic', async () => {
    const app = await start(UserRepository);
    const user: { id: number } | undefined = await app.get(UserRepository).first([{ id: 7 }]);
    expect(user).toEqual({ id: 7 });
  });

  test('that have a name of their own cannot be inherited twice, and the error says why', async () => {
    const error = await failure(start(NamedOne, NamedTwo));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toBe(
      "pool 'main': NamedOne and NamedTwo inherit run from one class, whose @PooledTask names it 'fixed', so both would be that task. Leave name out there: each is then called after its own class. Or override run in one of them, with a name of its own.",
    );
  });
});
