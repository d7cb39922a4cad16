import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPool, type Pool, type TaskCloneError } from '../../../lib/entries/core.js';
import { createTestPool } from '../../../lib/entries/testing.js';
import { rejectionOf } from '../../support/watch.js';
import { WANTED } from '../../fixtures/tasks/results.js';

const MODULES = ['boundary', 'errors', 'results', 'basics', 'state'] as const;

/** One call, made the same way on a thread and inline. Its arguments are made afresh, since some of them move. */
interface Crossing {
  readonly what: string;
  readonly module: (typeof MODULES)[number];
  readonly task: string;
  args?(): { args: unknown[]; transfer?: ArrayBuffer[] };
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

class Point {
  constructor(readonly x: number) {}
  get double(): number {
    return this.x * 2;
  }
}

const CROSSINGS: readonly Crossing[] = [
  ...[
    new Point(1),
    new Date(5),
    /a+/g,
    new Map([[{ key: 1 }, new Set([Buffer.from('in a set')])]]),
    Buffer.from('bytes'),
    { deep: [{ buffer: Buffer.from('nested') }] },
    new Float64Array([1, NaN]),
    cyclic,
    new RangeError('an argument', { cause: new Point(2) }),
    Object.create({ inherited: 1 }),
    Object.defineProperty({ seen: 1 }, 'hidden', { value: 2 }),
    [1, , 3], // oxlint-disable-line no-sparse-arrays -- that is what it is for
    () => 1,
    Symbol('alone'),
    { list: [1, { fn() {} }] },
    new WeakMap(),
    Promise.resolve(1),
    new Proxy({}, {}),
    {
      get bad(): never {
        throw new Error('a getter that throws');
      },
    },
    Point,
    null,
    undefined,
    2n ** 70n,
  ].map((value) => ({
    what: `the argument ${label(value)}`,
    module: 'basics' as const,
    task: 'echo',
    args: () => ({ args: [value] }),
  })),
  ...Object.keys(WANTED).flatMap((kind) =>
    ['make', 'makeLater'].map((task) => ({
      what: `${kind} as the result of ${task}`,
      module: 'results' as const,
      task,
      args: () => ({ args: [kind] }),
    })),
  ),
  ...['makeThenable', 'makeThrowingThen', 'makeRejectedThenable'].map((task) => ({
    what: task,
    module: 'results' as const,
    task,
    args: () => ({ args: ['a map'] }),
  })),
  ...['makeUncloneable', 'makeUncloneableLater', 'makeSymbol', 'makeFunction'].map((task) => ({
    what: task,
    module: 'results' as const,
    task,
  })),
  ...['throwRange', 'throwWithCode', 'rejectWithCauses', 'throwAggregate', 'throwUncloneable'].map((task) => ({
    what: task,
    module: 'errors' as const,
    task,
  })),
  { what: 'an error with a field that cannot be cloned', module: 'errors', task: 'throwErrorWithUncloneable' },
  { what: 'an error of a class of its own', module: 'errors', task: 'throwCustom', args: () => ({ args: [7] }) },
  ...[undefined, 'a text', { plain: [Buffer.from('thrown')] }, Symbol('thrown')].map((value) => ({
    what: `${label(value)} thrown`,
    module: 'results' as const,
    task: 'failPlainly',
    args: () => ({ args: [value] }),
  })),
  {
    what: 'memory that moves to the task',
    module: 'boundary',
    task: 'byteLength',
    args() {
      const bytes = new Uint8Array(1_000);
      return { args: [bytes], transfer: [bytes.buffer] };
    },
  },
  { what: 'a result that moves', module: 'boundary', task: 'produce', args: () => ({ args: [500] }) },
  { what: 'what is left of a result that moved', module: 'boundary', task: 'keptBytes' },
  { what: 'the context of a task', module: 'boundary', task: 'contextSignal' },
  { what: 'a task that there is not', module: 'basics', task: 'nope' },
];

function label(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity }).slice(0, 60);
}

const urlOf = (module: string) => new URL(`../../fixtures/tasks/${module}.js`, import.meta.url);
const options = (module: string) =>
  ({ name: 'same', tasks: urlOf(module), size: { max: 1 }, scaling: false, errors: [] }) as const;

/** What came of a call, the caller's arguments afterwards included. */
async function outcomeOf(pool: Pool, { task, args }: Crossing) {
  const call = args?.() ?? { args: [] };
  const [state, value] = await pool.run(task, call.args, { transfer: call.transfer }).then(
    (result) => ['resolved', result] as const,
    (error: unknown) => ['rejected', error] as const,
  );
  return {
    prototype: typeof value === 'object' && value !== null ? (Object.getPrototypeOf(value) as unknown) : typeof value,
    seen: { state, told: told(value), afterwards: inspect(call.args, { depth: 5 }) },
  };
}

/** All there is to see of a value; stacks and threads differ. */
function told(value: unknown): string {
  const seen = inspect(value, { depth: 8, showHidden: false, sorted: true });
  return seen.replaceAll(/\n\s+(at |\.\.\. \d+ lines matching).*/g, '').replaceAll(/ \(thread \d+\)/g, '');
}

describe('an inline pool does to what crosses what a thread does (U8)', () => {
  const made = new Map<string, { thread: Pool; inline: Pool }>();

  function pools(module: string) {
    const known = made.get(module);
    if (known) return known;
    const { errors: _, ...real } = options(module);
    const pair = { thread: createPool(real), inline: createTestPool(options(module)) };
    made.set(module, pair);
    return pair;
  }

  it.each(CROSSINGS)('$what', async (crossing) => {
    const { thread, inline } = pools(crossing.module);
    const [expected, found] = [await outcomeOf(thread, crossing), await outcomeOf(inline, crossing)];
    expect(found.seen).toEqual(expected.seen);
    expect(found.prototype === expected.prototype).toBe(true);
  });

  it('memory that moved before is refused by both; inline says more of it', async () => {
    const gone = () => {
      const bytes = new Uint8Array(10);
      structuredClone(bytes, { transfer: [bytes.buffer] });
      return [bytes];
    };
    const { thread, inline } = pools('boundary');
    for (const pool of [thread, inline]) {
      await expect(pool.run('byteLength', gone())).rejects.toMatchObject({ code: 'TASK_CLONE' });
    }
    const { path } = await rejectionOf<TaskCloneError>(inline.run('byteLength', gone()));
    expect(path).toBe('args[0]');
    await rejectionOf(thread.run('byteLength', gone()));
  });

  it('and starts no thread', async () => {
    const inline = createTestPool(options('basics'));
    onTestFinished(() => inline.close());
    expect(await inline.run('where')).toBe(0);
  });

  it('and counts the same', async () => {
    for (const { thread, inline } of made.values()) {
      expect(inline.snapshot().counters).toEqual(thread.snapshot().counters);
      await Promise.all([thread.close({ force: true }), inline.close()]);
    }
  });
});
