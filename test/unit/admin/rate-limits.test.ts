import { expect, test } from 'vitest';
import { RateLimits } from '../../../lib/admin/http/rate-limits.js';

test('counts of any number of addresses stay bounded, and are gone with the application', async () => {
  const limits = new RateLimits({ rateLimit: { changesPerMinute: 1_000_000, readsPerMinute: 1_000_000 } });
  for (let i = 0; i < 20_000; i++) await limits.take('read', null, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(limits.size).toBeLessThanOrEqual(4_096);
  expect(limits.size).toBeGreaterThan(3_000);
  await limits.onApplicationShutdown();
  expect(limits.size).toBe(0);
});

test('the first above the limit is known from those after it; other addresses and roles have counts of their own', async () => {
  const limits = new RateLimits({ rateLimit: { changesPerMinute: 1, readsPerMinute: 1 } });
  const take = () => limits.take('change', 'operator', '192.0.2.1');
  expect([await take(), await take(), await take()]).toEqual([
    null,
    { retryAfterSeconds: expect.any(Number), isFirst: true },
    { retryAfterSeconds: expect.any(Number), isFirst: false },
  ]);
  expect(await limits.take('read', 'operator', '192.0.2.1')).toBeNull();
  expect(await limits.take('change', 'viewer', '192.0.2.1')).toBeNull();
  const others = await Promise.all(
    ['192.0.2.2', '192.0.2.3', '2001:db8::1'].map((address) => limits.take('change', 'operator', address)),
  );
  // Two addresses share a count once in 4,096 times.
  expect(others.filter((excess) => excess === null).length).toBeGreaterThanOrEqual(2);
  await limits.onApplicationShutdown();
});

test('no limit takes everything', async () => {
  const limits = new RateLimits({ rateLimit: null });
  expect(await limits.take('change', 'operator', '192.0.2.1')).toBeNull();
  expect(limits.size).toBe(0);
});
