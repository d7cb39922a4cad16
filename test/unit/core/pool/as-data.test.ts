import { describe, expect, it } from 'vitest';
import { asData } from '../../../../lib/core/pool/as-data.js';

class Mine {
  decide(): void {}
}

describe('options as plain data', () => {
  it('tell parts of the user by name', () => {
    const named = function busy() {};
    expect(asData({ decider: new Mine(), signals: { a: named, b: 'waitMean' }, guards: [{ apply() {} }] })).toEqual({
      decider: { type: 'custom', name: 'Mine' },
      signals: { a: { type: 'custom', name: 'busy' }, b: 'waitMean' },
      guards: [{ type: 'custom', name: 'object' }],
    });
  });

  it('tell no HTTP headers, which may hold a token', () => {
    const signal = { type: 'prometheus', query: 'up', headers: { authorization: 'Bearer secret' } };
    expect(JSON.stringify(asData({ signals: { signal } }))).not.toContain('secret');
  });

  it('tell what is not there as null', () => {
    expect(asData(undefined)).toBeNull();
    expect(asData([1, null, 'a', false])).toEqual([1, null, 'a', false]);
  });
});
