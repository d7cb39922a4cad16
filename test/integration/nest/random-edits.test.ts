import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ScheduleModule } from '@nestjs/schedule';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DynamicPoolModule, PoolError, PoolService, type Policy } from '../../../lib/index.js';
import { Random } from '../../support/random.js';
import { startApp } from './support.js';

/** Every other one is invalid. */
const EDITS = 200;
const CALLERS = 12;

interface PoolSays {
  size?: { min?: number; max?: number };
  queue?: { capacity?: number };
  idleExpiryMs?: number;
  taskTimeoutMs?: number | null;
  scaling?: unknown;
}

interface FileSays {
  pools: Record<string, PoolSays>;
  budget?: { workers: number };
}

/** What can be seen of the options of an application. */
interface Seen {
  readonly workers: number;
  readonly pools: Readonly<
    Record<string, readonly [min: number, max: number, capacity: number, policy: Policy | null]>
  >;
}

const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);
const NAMES = ['a', 'b'];
const CODE = { min: 1, max: 3, capacity: 40, policy: 'balanced' as Policy, workers: 5 };
const POLICIES: Policy[] = [
  'thrifty',
  'latency',
  'course',
  { decider: { type: 'threshold', signal: 'queueDepth', up: 0.2, down: 0.05 } },
  { preset: 'balanced', guards: [{ type: 'cooldown', upMs: 500 }] },
];

/** A document that is right, whatever is left out of it. */
function validFile(random: Random): FileSays {
  const maybe = <T>(value: T) => (random.below(2) === 0 ? value : undefined);
  const pool = (): PoolSays => {
    const max = 1 + random.below(4);
    const policy = random.pick(POLICIES);
    return JSON.parse(
      JSON.stringify({
        size: maybe({ min: 1 + random.below(Math.min(2, max)), max }),
        queue: maybe({ capacity: 4 + random.below(60) }),
        idleExpiryMs: maybe(50 + random.below(500)),
        taskTimeoutMs: maybe(random.pick([null, 20_000])),
        scaling: maybe(random.pick<unknown>([policy, { policy, tickMs: 20 + random.below(100), objectiveMs: 40 }])),
      }),
    ) as PoolSays;
  };
  // A policy of parts stands under `policy`.
  const pools = Object.fromEntries(NAMES.filter(() => random.below(4) > 0).map((name) => [name, pool()]));
  for (const { scaling } of Object.values(pools)) {
    if (typeof scaling === 'object' && scaling !== null && !('policy' in scaling)) {
      pools[NAMES.find((name) => pools[name]?.scaling === scaling)!]!.scaling = { policy: scaling };
    }
  }
  return { pools, ...(random.below(2) === 0 && { budget: { workers: 4 + random.below(4) } }) };
}

/** Ways to get a document wrong; each begins with one that would change something. */
const SPOILERS: readonly ((file: FileSays, random: Random) => string)[] = [
  () => '',
  (file) => JSON.stringify(file).slice(0, -2),
  (file) => JSON.stringify({ ...file, pools: { ...file.pools, c: {} } }),
  (file) => JSON.stringify({ ...file, pools: { ...file.pools, b: { size: { min: 4, max: 3 } } } }),
  (file) => JSON.stringify({ ...file, pools: { ...file.pools, b: { kind: 'async' } } }),
  (file) => JSON.stringify({ ...file, pools: { ...file.pools, b: { queue: { capacity: '9' } } } }),
  (file) =>
    JSON.stringify({
      ...file,
      pools: { ...file.pools, b: { scaling: { policy: { guards: [{ type: 'breaker' }] } } } },
    }),
  (file) => JSON.stringify({ ...file, pools: { ...file.pools, b: { scaling: 'thrify' } } }),
  (file) =>
    JSON.stringify({
      ...file,
      pools: { a: { size: { min: 3, max: 4 } }, b: { size: { min: 3, max: 4 } } },
      budget: { workers: 5 },
    }),
  (file) => `${JSON.stringify(file)}\n---\n{}`,
  (file) => `pools: ${JSON.stringify(file.pools)}\npools: {}`,
  (file, random) => JSON.stringify(file).replace('{', `{"${random.pick(['x', '__proto__', 'pool'])}":1,`),
];

/** What the file makes of code's options: a model of its own, simpler than what it tests. */
function expected({ pools, budget }: FileSays): Seen {
  const of = (name: string) => {
    const { size, queue, scaling } = pools[name] ?? {};
    const policy =
      typeof scaling === 'object' ? (scaling as { policy: Policy }).policy : (scaling as Policy | undefined);
    return [
      size?.min ?? CODE.min,
      size?.max ?? CODE.max,
      queue?.capacity ?? CODE.capacity,
      policy ?? CODE.policy,
    ] as const;
  };
  return {
    workers: budget?.workers ?? CODE.workers,
    pools: Object.fromEntries(NAMES.map((name) => [name, of(name)])),
  };
}

function seen(service: PoolService): Seen {
  const of = (name: string) => {
    const { min, max, queueCapacity, target } = service.snapshot(name);
    expect(target).toBeGreaterThanOrEqual(min);
    expect(target).toBeLessThanOrEqual(max);
    return [min, max, queueCapacity, service.policy(name)] as const;
  };
  return {
    workers: service.budget()!.workers,
    pools: Object.fromEntries(NAMES.map((name) => [name, of(name)])),
  };
}

/** Callers that never stop calling, and what became of each call. */
function callers(service: PoolService) {
  const count = { called: 0, completed: 0, refused: 0, failed: 0 };
  const load = { isOver: false };
  const call = async (name: string, caller: number) => {
    while (!load.isOver) {
      count.called++;
      try {
        expect(await service.get(name).run('add', [caller, count.called])).toBeGreaterThan(0);
        count.completed++;
      } catch (error) {
        if (error instanceof PoolError && error.code === 'POOL_FULL') count.refused++;
        else count.failed++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  const calling = Array.from({ length: CALLERS }, (_, caller) => call(NAMES[caller % 2]!, caller));
  return {
    count,
    end: async () => {
      load.isOver = true;
      await Promise.all(calling);
    },
  };
}

test(
  '200 random edits under load, half of them invalid: no task is lost, the state is that of the last valid file (O5)',
  { timeout: 180_000 },
  async () => {
    const seed = Number(process.env.POOL_EDITS_SEED ?? 1);
    const random = new Random(seed);
    const folder = mkdtempSync(path.join(tmpdir(), 'edits-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'pools.yaml');
    writeFileSync(file, '{ pools: {} }');
    const pool = {
      tasks,
      size: { max: CODE.max },
      queue: { capacity: CODE.capacity },
      scaling: CODE.policy as 'balanced',
    };
    const app = await startApp({
      imports: [
        ScheduleModule.forRoot(),
        DynamicPoolModule.forRoot({ pools: { a: pool, b: pool }, budget: { workers: CODE.workers }, configFile: file }),
      ],
    });
    const service = app.get(PoolService);
    const load = callers(service);
    let state = expected({ pools: {} });
    let changes = 0;

    for (let edit = 0; edit < EDITS; edit++) {
      const isValid = edit % 2 === 0;
      const says = validFile(random);
      const text = `${isValid ? JSON.stringify(says) : random.pick(SPOILERS)(says, random)}\n# edit ${edit}\n`;
      if (isValid) {
        if (JSON.stringify(expected(says)) !== JSON.stringify(state)) changes++;
        state = expected(says);
      }
      const before = service.config()!;
      if (random.below(2) === 0) writeFileSync(file, text);
      else {
        writeFileSync(`${file}.new`, text);
        renameSync(`${file}.new`, file);
      }
      await vi.waitUntil(() => service.config()!.at !== before.at, { timeout: 20_000, interval: 2 });
      const told = `seed ${seed}, edit ${edit}: ${text}`;
      expect(service.config()!.state, told).toBe(isValid ? 'applied' : 'invalid');
      expect(seen(service), told).toEqual(state);
      const { reasons } = service.health('a');
      expect(
        reasons.some((reason) => reason.startsWith('the configuration file')),
        told,
      ).toBe(!isValid);
    }

    await load.end();
    const { called, completed, refused, failed } = load.count;
    expect(called).toBe(completed + refused + failed);
    expect(failed).toBe(0);
    const counters = NAMES.map((name) => service.snapshot(name).counters);
    const sum = (key: 'submitted' | 'completed' | 'failed' | 'cancelled' | 'dropped') =>
      counters.reduce((total, each) => total + each[key], 0);
    expect(sum('submitted')).toBe(called - refused);
    expect(sum('completed')).toBe(completed);
    expect(sum('failed') + sum('cancelled') + sum('dropped')).toBe(0);
    expect(completed).toBeGreaterThan(1_000);
    expect(changes).toBeGreaterThan(80);
  },
);
