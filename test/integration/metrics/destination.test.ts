import { Controller, Get, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Gauge, register, Registry } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { METRIC_NAMES, PoolMetricsModule } from '../../../lib/entries/prometheus.js';
import { PoolConfigError, PoolService } from '../../../lib/index.js';
import { parseExposition } from '../../support/exposition.js';
import { createApp, failure, listen, startApp } from '../nest/support.js';
import { asyncPool, oneApp, poolsModule, prometheus, scrape } from './support.js';

afterEach(() => {
  register.clear();
});

const pools = (...names: string[]) => poolsModule(Object.fromEntries(names.map((name) => [name, asyncPool()])));
const ours = (names: Iterable<string>) => [...names].filter((name) => name.includes('pool_'));

describe("the application's PrometheusModule (O1)", () => {
  test.each([
    [{ customMetricPrefix: 'app' }, {}, 'app_'],
    [{ customMetricPrefix: 'app_' }, {}, 'app_'],
    [{ customMetricPrefix: 'app' }, { prefix: 'mine' }, 'mine_'],
    [{ customMetricPrefix: 'app' }, { prefix: '' }, ''],
    [{}, { prefix: 'mine_' }, 'mine_'],
  ])('gives the names their prefix: %o and %o', async (options, metrics, prefix) => {
    const imports = [pools('main'), prometheus(options), PoolMetricsModule.register(metrics)];
    await startApp({ imports });
    expect([...(await scrape()).types.keys()]).toEqual(METRIC_NAMES.map((name) => prefix + name));
  });

  test('is found with no options at all, and in a module of its own', async () => {
    @Module({ imports: [PrometheusModule.register()] })
    class MonitoringModule {}
    const at = await listen(
      await startApp({ imports: [pools('main'), PoolMetricsModule.register(), MonitoringModule] }),
    );
    const { value, types } = parseExposition(await (await fetch(at('/metrics'))).text());
    expect(value('pool_size', { pool: 'main' })).toBe(2);
    expect(types.has('process_cpu_seconds_total')).toBe(true);
  });

  test('is waited for where its options come late', async () => {
    const late = PrometheusModule.registerAsync({
      useFactory: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return {
          customMetricPrefix: 'late',
          defaultMetrics: { enabled: false },
          defaultLabels: { app: 'back office' },
        };
      },
    });
    await startApp({ imports: [PoolMetricsModule.register(), pools('main'), late] });
    expect((await scrape()).value('late_pool_size', { app: 'back office', pool: 'main' })).toBe(2);
  });

  test('adds its default labels, and never in place of our own', async () => {
    const defaultLabels = { app: 'back "office"', pool: 'nonsense', le: 'nonsense' };
    const imports = [pools('main'), prometheus({ defaultLabels }), PoolMetricsModule.register()];
    const at = await listen(await startApp({ imports }));
    const { find } = parseExposition(await (await fetch(at('/metrics'))).text());
    expect(find('pool_size').map(({ labels }) => labels)).toEqual([
      { pool: 'main', app: 'back "office"', le: 'nonsense' },
    ]);
    expect(find('pool_wait_seconds_bucket', { app: 'back "office"', pool: 'main', le: '0.005' })).toHaveLength(1);
  });

  test('may serve OpenMetrics: counters keep their names', async () => {
    const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const app = await startApp({ imports: [pools('main'), PoolMetricsModule.register({ registry })] });
    for (let scraped = 0; scraped < 2; scraped++) {
      const text = await registry.metrics();
      expect(text).toContain('# TYPE pool_submitted counter\npool_submitted_total{pool="main"} 0\n');
      expect(text).toContain('pool_wait_seconds_bucket{le="+Inf",pool="main"} 0\n');
      expect(text.endsWith('# EOF\n')).toBe(true);
    }
    await app.close();
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  test('resets nothing with the registry: the counts are the pools', async () => {
    const app = await startApp(oneApp());
    await app.get(PoolService).get('main').run('noop');
    register.resetMetrics();
    expect((await scrape()).value('pool_completed_total')).toBe(1);
    const told = (await register.getMetricsAsJSON()).find(({ name }) => name === 'pool_completed_total');
    expect(told).toMatchObject({
      type: 'counter',
      aggregator: 'sum',
      values: [{ value: 1, labels: { pool: 'main' } }],
    });
  });

  test('needs no pool module that is global', async () => {
    const main = poolsModule({ main: asyncPool() }, { isGlobal: false });
    await startApp({ imports: [PoolMetricsModule.register(), prometheus(), main] });
    expect((await scrape()).value('pool_size', { pool: 'main' })).toBe(2);
  });
});

describe('an application does not start, and is told what to do (O1), when', () => {
  test('it has no pools', async () => {
    const error = await failure(startApp({ imports: [prometheus(), PoolMetricsModule.register()] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/DynamicPoolModule is not among the imports.*leave out PoolMetricsModule/);
  });

  test('nobody serves the metrics', async () => {
    const error = await failure(startApp({ imports: [pools('main'), PoolMetricsModule.register()] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/Import PrometheusModule\.register\(\).*port.*registry/);
  });

  test('its prefix begins no name', async () => {
    const imports = [pools('main'), prometheus({ customMetricPrefix: 'back-office' }), PoolMetricsModule.register()];
    const error = await failure(startApp({ imports }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain('customMetricPrefix of PrometheusModule is "back-office", but must be letters');
  });

  test('it has a metric of such a name, which stays', async () => {
    const own = new Gauge({ name: 'pool_busy', help: 'Lanes of the swimming pool' });
    const error = await failure(startApp(oneApp()));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/a metric pool_busy already.*prefix: 'app'/);
    expect(register.getMetricsAsArray()).toEqual([own]);
    await startApp(oneApp({ prefix: 'app' }));
    expect((await scrape()).value('app_pool_busy')).toBe(0);
  });

  test('its metrics are registered twice', async () => {
    const { imports = [] } = oneApp();
    const error = await failure(startApp({ imports: [...imports, PoolMetricsModule.register({ taskLabel: true })] }));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/^pool 'main': .*register\(\) was called twice/);
  });
});

describe('two applications in one process (O1)', () => {
  const app = (name: string, metrics = {}) =>
    createApp({ imports: [pools(name), prometheus(), PoolMetricsModule.register(metrics)] });

  test('share the metrics of a registry, each with its pools, until it closes', async () => {
    const [first, second] = [await app('first'), await app('second')];
    await first.init();
    await second.init();
    expect((await scrape()).find('pool_size').map(({ labels }) => labels)).toEqual([
      { pool: 'first' },
      { pool: 'second' },
    ]);
    await first.close();
    expect((await scrape()).find('pool_size').map(({ labels }) => labels)).toEqual([{ pool: 'second' }]);
    await second.close();
    expect(ours((await scrape()).types.keys())).toEqual([]);
  });

  test('with pools of one name are told the ways out, and each of those works', async () => {
    await (await app('main')).init();
    const clashing = await app('main');
    const error = await failure(clashing.init());
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(/^pool 'main': .*Close the other application.*a prefix of its own.*new Registry\(\)/);

    await (await app('main', { prefix: 'second' })).init();
    const registry = new Registry();
    await (await app('main', { registry })).init();
    expect((await scrape(registry)).value('pool_size')).toBe(2);
    const { value } = await scrape();
    expect([value('pool_size'), value('second_pool_size')]).toEqual([2, 2]);
  });

  test('one after the other do not meet; and where the first was never closed, clearing the registry will do', async () => {
    const closed = await app('main');
    await closed.init();
    await closed.close();
    const unclosed = await app('main');
    await unclosed.init();
    register.clear();
    const last = await app('main');
    await last.init();
    await unclosed.close();
    expect((await scrape()).value('pool_size')).toBe(2);
  });

  test('a controller of its own serves a registry of its own', async () => {
    const registry = new Registry();
    @Controller('internal')
    class InternalController {
      @Get('metrics')
      metrics(): Promise<string> {
        return registry.metrics();
      }
    }
    const imports = [pools('main'), PoolMetricsModule.register({ registry })];
    const at = await listen(await startApp({ imports, controllers: [InternalController] }));
    const { value } = parseExposition(await (await fetch(at('/internal/metrics'))).text());
    expect(value('pool_size')).toBe(2);
    expect(register.getMetricsAsArray()).toEqual([]);
  });
});
