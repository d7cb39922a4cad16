import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { COLD_OPTIONS, CONFIG_SCHEMA } from '../../../lib/config/schema.js';
import { HOT_OPTIONS } from '../../../lib/core/pool/changed-options.js';
import { resolvePoolOptions } from '../../../lib/core/pool/resolve-options.js';
import { buildPolicy } from '../../../lib/core/scaling/policy.js';
import { PRESET_NAMES } from '../../../lib/core/scaling/presets.js';
import { scalingKit } from '../../../lib/entries/scaling-kit.js';

type Schema = Readonly<Record<string, any>>;

const definitions = CONFIG_SCHEMA['definitions'] as Readonly<Record<string, Schema>>;
const pool = (CONFIG_SCHEMA['properties'] as Schema).pools.additionalProperties as Schema;
const isValid = new Ajv({ discriminator: true, allowUnionTypes: true }).compile(CONFIG_SCHEMA);

/** What the core lists as it refuses a policy. */
function listed(policy: object, pattern: RegExp): string[] {
  try {
    buildPolicy(policy as never, scalingKit);
  } catch (error) {
    return pattern.exec((error as Error).message)?.groups!.names!.split(', ') ?? [(error as Error).message];
  }
  return ['nothing was refused'];
}

/** Where each family of parts stands in a policy. */
const FAMILIES: Record<string, (spec: object) => object> = {
  signal: (spec) => ({ signals: { mine: spec } }),
  decider: (spec) => ({ decider: spec }),
  guard: (spec) => ({ guards: [spec] }),
  forecast: (spec) => ({ forecast: spec }),
};
/** A circuit breaker is an object; a file names the signal that code makes of it. */
const NO_DATA = ['breaker'];

function partsOf(family: string): Schema[] {
  const { oneOf, anyOf } = definitions[family]!;
  return oneOf ?? anyOf.find((alternative: Schema) => alternative.oneOf).oneOf;
}

describe('the schema of the configuration file (O5)', () => {
  it('is published at the top of the package, as it stands in the code', () => {
    const published: unknown = JSON.parse(readFileSync('config.schema.json', 'utf8'));
    expect(published).toEqual(CONFIG_SCHEMA);
    expect(JSON.parse(readFileSync('dist/bundle/config.schema.json', 'utf8'))).toEqual(CONFIG_SCHEMA);
    const { exports, files } = JSON.parse(readFileSync('package.json', 'utf8')) as Schema;
    expect(exports['./config.schema.json']).toBe('./config.schema.json');
    expect(files).toContain('config.schema.json');
  });

  it.each(Object.keys(FAMILIES))('has each type of %s that there is, with each of its options', (family) => {
    const wrap = FAMILIES[family]!;
    const types = listed(wrap({ type: 'none' }), /(?:There are|one of):? (?<names>.*)\.$/);
    const known = partsOf(family).map(({ properties }) => properties.type.const as string);
    const missing = family === 'signal' ? NO_DATA : [];
    expect(known.toSorted()).toEqual(types.filter((type) => !missing.includes(type)).toSorted());
    for (const { properties } of partsOf(family)) {
      const type = properties.type.const as string;
      const options = listed(wrap({ type, none: 1 }), /Options: (?<names>.*)\.$/);
      expect(Object.keys(properties).toSorted(), type).toEqual([...new Set(['type', ...options])].toSorted());
    }
  });

  it('has every preset, every option of scaling, and the options that a pool can change while it runs', () => {
    const presets = pool.properties.scaling.anyOf[0].enum;
    expect(presets).toEqual(PRESET_NAMES);
    const paths = Object.entries(pool.properties as Schema).flatMap(([key, value]: [string, Schema]) => {
      const { properties } = (value.anyOf?.[1] ?? value) as Schema;
      return properties ? Object.keys(properties).map((inner) => `${key}.${inner}`) : [key];
    });
    expect(paths.toSorted()).toEqual(HOT_OPTIONS.toSorted());
  });

  it('takes or names as code-only each option of a pool', () => {
    const refused = (options: object, pattern: RegExp) => {
      try {
        resolvePoolOptions(options as never);
      } catch (error) {
        return pattern.exec((error as Error).message)!.groups!.names!.split(', ');
      }
      return [];
    };
    const all = refused({ name: 'a', none: 1 }, /Options: (?<names>.*)\.$/);
    const hot = Object.keys(pool.properties as Schema);
    // Objects that code makes; `forRoot()` and the file have one budget for all, and Nest provides the context.
    expect([...hot, ...COLD_OPTIONS, 'budget', 'context']).toEqual(expect.arrayContaining(all));
    for (const group of ['size', 'queue']) {
      const inner = refused({ name: 'a', [group]: { none: 1 } }, /Options: (?<names>.*)\.$/);
      const taken = Object.keys(pool.properties[group].properties as Schema).map((key) => `${group}.${key}`);
      expect([...taken, ...COLD_OPTIONS]).toEqual(expect.arrayContaining(inner.map((key) => `${group}.${key}`)));
    }
  });

  it('describes every option, for editors', () => {
    const undescribed: string[] = [];
    const look = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties, ...rest } = node as Schema;
      for (const [key, value] of Object.entries((properties ?? {}) as Schema)) {
        const { description, const: fixed, $ref } = value as Schema;
        if (!description && fixed === undefined && !$ref) undescribed.push(`${path}.${key}`);
        look(value, `${path}.${key}`);
      }
      for (const [key, value] of Object.entries(rest)) look(value, `${path}/${key}`);
    };
    look(CONFIG_SCHEMA, '');
    expect(undescribed).toEqual([]);
  });

  const images = (options: unknown) => ({ pools: { images: options } });
  const scaling = (policy: unknown) => images({ scaling: { policy } });

  it.each<[unknown]>([
    [{}],
    [{ pools: null }],
    [{ pools: {} }],
    [images(null)],
    [images({ size: null, queue: null })],
    [images({ size: { min: 1, max: 1_024 }, queue: { capacity: 1 }, idleExpiryMs: 0.5, abortGraceMs: 1 })],
    [images({ taskTimeoutMs: null, queueTimeoutMs: null })],
    [images({ scaling: 'thrifty' })],
    [images({ scaling: { policy: 'latency', objectiveMs: 20, tickMs: 10, onFault: 'freeze' } })],
    [scaling({ preset: 'balanced', guards: [{ type: 'cooldown', upMs: 1_000 }] })],
    [scaling({ decider: { type: 'threshold', signal: 'queueDepth', up: 0.7, down: 0.1 } })],
    [
      scaling({
        decider: { type: 'rules', rules: [{ when: [{ waitP99: { above: 5 } }], do: { grow: 1 } }, { do: 'hold' }] },
      }),
    ],
    [scaling({ decider: { type: 'cost-aware', workerCost: 1, waitCost: 2, objectiveMs: false } })],
    [scaling({ decider: { type: 'ceiling', decider: { type: 'balanced' }, limit: { type: 'gradient2' } } })],
    [scaling({ signals: { slow: { type: 'ewma', of: { type: 'wait', quantile: 'p50' }, halfLifeMs: 100 } } })],
    [scaling({ forecast: { type: 'schedule', entries: [{ cron: '0 9 * * *', workers: 4 }] } })],
    [{ budget: { workers: 'usable-cores', sharing: 'priority', priorities: { images: 1 } } }],
  ])('accepts %j', (document) => {
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  });

  it.each<[unknown]>([
    [[]],
    ['pools'],
    [{ pool: {} }],
    [images({ kind: 'async' })],
    [images({ size: { initial: 1 } })],
    [images({ size: { max: 0 } })],
    [images({ size: { max: 1_025 } })],
    [images({ size: { max: '4' } })],
    [images({ size: { max: 2.5 } })],
    [images({ queue: { capacity: 0 } })],
    [images({ idleExpiryMs: null })],
    [images({ idleExpiryMs: 2 ** 31 })],
    [images({ taskTimeoutMs: 0 })],
    [images({ scaling: false })],
    [images({ scaling: 'thrify' })],
    [images({ scaling: { tickMs: 9 } })],
    [scaling({ decider: { type: 'none' } })],
    [scaling({ decider: { type: 'threshold', signal: 'queueDepth', up: 0.7 } })],
    [scaling({ guards: { type: 'cooldown' } })],
    [scaling({ guards: [{ type: 'cooldown', upMs: 0 }] })],
    [scaling({ signals: { '1st': 'queueDepth' } })],
    [scaling({ decider: { type: 'rules', rules: [] } })],
    [scaling({ forecast: { type: 'schedule', entries: [{ cron: '0 9 * * *' }] } })],
    [{ budget: { workers: 0 } }],
    [{ budget: { total: 4 } }],
  ])('refuses %j', (document) => {
    expect(isValid(document)).toBe(false);
  });
});
