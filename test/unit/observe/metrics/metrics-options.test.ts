import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { PoolMetricsModule } from '../../../../lib/entries/prometheus.js';
import { resolveMetricsOptions } from '../../../../lib/observe/metrics/metrics-options.js';

it('has defaults for all options of the metrics (O1)', () => {
  const none = { prefix: null, taskLabel: false, port: null, host: '127.0.0.1', registry: null };
  expect([resolveMetricsOptions(), resolveMetricsOptions({})]).toEqual([none, none]);
});

it.each([
  ['app', 'app_'],
  ['app_', 'app_'],
  ['a:b', 'a:b_'],
  ['', ''],
])('the prefix %o begins names with %o (O1)', (prefix, resolved) => {
  expect(resolveMetricsOptions({ prefix }).prefix).toBe(resolved);
});

it.each<[unknown, string]>([
  [null, 'the options of PoolMetricsModule.register() is null, but must be an object'],
  [{ perfix: 'app' }, "Did you mean 'prefix'?"],
  [{ prefix: '1st' }, 'PoolMetricsModule: prefix is "1st", but must be letters, digits, _ and :'],
  [{ prefix: 'a-b' }, 'prefix is "a-b"'],
  [{ prefix: 'a\n' }, 'prefix is "a\\n"'],
  [{ prefix: 5 }, 'prefix is 5'],
  [{ taskLabel: 'yes' }, 'taskLabel is "yes", but must be true or false'],
  [{ port: 65_536 }, 'port is 65536, but must be a whole number from 0 to 65,535'],
  [{ port: '9464' }, 'port is "9464"'],
  [{ port: 9464, host: '' }, 'host is ""'],
  [{ host: '0.0.0.0' }, 'nothing is served there without a port'],
  [{ registry: {} }, 'registry is an object, but must be a Registry of prom-client'],
])('refuses %o at once (O1)', (options, message) => {
  expect(() => PoolMetricsModule.register(options as object)).toThrow(PoolConfigError);
  expect(() => PoolMetricsModule.register(options as object)).toThrow(message);
});

it('takes a registry of either format (O1)', () => {
  const registry = new Registry();
  expect(resolveMetricsOptions({ registry }).registry).toBe(registry);
});
