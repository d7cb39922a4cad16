import { expect, test } from 'vitest';
import { locateClass } from '../../../lib/nest/locate-class.js';
import { DerivedService } from '../../fixtures/nest/derived.service.js';

test('the file of a class is known to V8', () => {
  expect(locateClass(DerivedService)?.href).toBe(
    new URL('../../fixtures/nest/derived.service.js', import.meta.url).href,
  );
});

test('a class from no file, or from Node itself, has none', () => {
  expect(locateClass(new Function('return class X {}')())).toBeNull();
  expect(locateClass(Map)).toBeNull();
});
