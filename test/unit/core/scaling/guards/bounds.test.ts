import { describe, expect, it } from 'vitest';
import { guard } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

describe('the guard bounds (D7)', () => {
  it.each([
    // options, pool's min and max, target, proposed → allowed
    [{}, [2, 8], 4, 9, 8, 'max 8'],
    [{}, [2, 8], 8, 10, 8, 'max 8'],
    [{}, [2, 8], 2, 1, 2, 'min 2'],
    [{}, [2, 8], 2, -7, 2, 'min 2'],
    [{}, [2, 8], 4, 8, 8, undefined],
    [{}, [2, 8], 4, 2, 2, undefined],
    [{ min: 3, max: 6 }, [2, 8], 4, 9, 6, 'max 6'],
    [{ min: 3, max: 6 }, [2, 8], 4, 1, 3, 'min 3'],
    // Wider than the pool: the pool's own count.
    [{ min: 1, max: 64 }, [2, 8], 4, 100, 8, 'max 8'],
    [{ min: 1, max: 64 }, [2, 8], 4, 0, 2, 'min 2'],
    // Beside the pool's: as near as the pool goes.
    [{ min: 20, max: 30 }, [2, 8], 4, 3, 8, 'min 8'],
    [{ max: 1 }, [2, 8], 4, 6, 2, 'max 2'],
    // A pool that stands outside is brought back, though the decider would stay.
    [{}, [2, 8], 12, 12, 8, 'max 8'],
    [{}, [4, 8], 2, 2, 4, 'min 4'],
  ])('%o in a pool of %o, from %i to %i: %i', (options, [min, max], target, proposed, allowed, heldBy) => {
    const verdict = guard({ type: 'bounds', ...options }).apply(
      { target: proposed, why: '' },
      inputOf({ min, max, target }),
    );
    expect(verdict).toEqual(heldBy === undefined ? { target: allowed } : { target: allowed, heldBy });
  });

  it('never lets an idle pool shrink to zero (S0 B2)', () => {
    const built = guard({ type: 'bounds' });
    let target = 4;
    for (let tick = 0; tick < 20; tick++) {
      ({ target } = built.apply({ target: target - 1, why: '' }, inputOf({ target })));
    }
    expect(target).toBe(1);
  });

  it.each([NaN, Infinity, -Infinity])('stays where %d is proposed', (proposed) => {
    expect(guard({ type: 'bounds' }).apply({ target: proposed, why: '' }, inputOf())).toEqual({
      target: 4,
      heldBy: 'proposal is no number',
    });
  });

  it.each([
    [{ min: 0 }, /guard\.min is 0, but must be a whole number from 1 to 1,024/],
    [{ max: 2_000 }, /guard\.max is 2000/],
    [{ min: 5, max: 4 }, /guard\.min is 5, but must be at most max, which is 4/],
  ])('refuses %o', (options, message) => {
    expect(() => guard({ type: 'bounds', ...options })).toThrow(message);
  });
});
