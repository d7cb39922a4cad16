import { describe, expect, it } from 'vitest';
import { ConfigProblem, tellProblem } from '../../../lib/config/config-problem.js';
import { parseConfig } from '../../../lib/config/parse-config.js';
import { PoolConfigError } from '../../../lib/core/errors.js';

const POOLS = ['images', 'mail.out'];

function problemOf(text: string): ConfigProblem {
  try {
    parseConfig(text, POOLS);
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** The text of a document about `images`, each line under it. */
const images = (...lines: string[]) => ['pools:', '  images:', ...lines.map((line) => `    ${line}`), ''].join('\n');
const nine = (item: string) => `[${Array.from({ length: 9 }, () => item).join(', ')}]`;
const bomb = [`a: &a ${nine('x')}`, `b: &b ${nine('*a')}`, `c: &c ${nine('*b')}`, `pools: ${nine('*c')}`];

describe('a configuration file that is wrong is told with line and column (O5)', () => {
  it.each<[string, string, number, number, string]>([
    ['is empty', '', 1, 1, 'the file is empty. To leave all options as they are in code, write `pools: {}`.'],
    ['has comments only', '# nothing yet\n', 1, 1, 'the file is empty'],
    ['is cut in half', 'pools:\n  images: { size: { max: 2', 2, 27, 'no valid YAML'],
    ['is indented by a tab', 'pools:\n\timages: {}\n', 2, 1, 'Tabs are not allowed'],
    [
      'has a key twice',
      images('queue: { capacity: 1 }', 'queue: { capacity: 2 }'),
      4,
      5,
      'the key "queue" stands here a second time',
    ],
    ['has an unknown tag', 'pools: !!js/function "x"\n', 1, 8, 'Unresolved tag'],
    ['has a map by a tag', 'pools: !!omap\n  - images: { size: { max: 9999 } }\n', 1, 8, 'Unresolved tag'],
    ['has a set by a tag', images('size: !!set { min }'), 3, 11, 'Unresolved tag'],
    ['has a date by a tag', images('size: !!timestamp 2001-01-01'), 3, 11, 'Unresolved tag'],
    ['is YAML 1.1 with a date', `%YAML 1.1\n---\n${images('size: 2001-01-01')}`, 5, 11, 'size is "2001-01-01"'],
    [
      'is YAML 1.1 with a merge key',
      `%YAML 1.1\n---\n${images('size: &size { max: 2 }', 'queue: { <<: *size }')}`,
      6,
      14,
      'queue has no option "<<"',
    ],
    [
      'has a key twice, once by an alias',
      'pools:\n  &a images: {}\n  *a : {}\n',
      3,
      3,
      '"images" stands here a second',
    ],
    ['has an alias without anchor', 'pools: *nobody\n', 1, 8, 'an alias has no anchor: Unresolved alias'],
    [
      'has an alias within its own anchor',
      images('scaling: { policy: { signals: { x: &a { type: ewma, of: *a, alpha: 0.5 } } } }'),
      1,
      1,
      'nested without end',
    ],
    ['has two documents', 'pools: {}\n---\npools: {}\n', 2, 1, 'multiple documents'],
    ['has aliases that multiply', bomb.join('\n'), 2, 8, 'aliases repeat too much'],
    ['is a list', '- pools\n', 1, 1, 'the document is an array, but must be an object of pools, budget.'],
    ['has an unknown key', 'pool: {}\n', 1, 1, 'the document has no option "pool". Did you mean \'pools\'?'],
    [
      'has an unknown pool',
      'pools:\n  imges: {}\n',
      2,
      3,
      "there is no pool 'imges', and a file creates none. Did you mean 'images'? Pools of this application: images, mail.out.",
    ],
    [
      'has a pool that is called __proto__',
      'pools:\n  __proto__: { size: { max: 1 } }\n',
      2,
      3,
      "there is no pool '__proto__'",
    ],
    ['sets a prototype', images('__proto__: { size: { max: 1 } }'), 3, 5, 'has no option "__proto__"'],
    [
      'has a misspelt option',
      images('sise: { max: 1 }'),
      3,
      5,
      "pool 'images' has no option \"sise\". Did you mean 'size'?",
    ],
    ['has an option of code', images('kind: async'), 3, 5, "pool 'images': kind needs a restart; it stands in code."],
    [
      'has an option of code in a group',
      images('queue:', '  overflow: wait'),
      4,
      7,
      "pool 'images': queue.overflow needs a restart; it stands in code.",
    ],
    [
      'has a text for a number',
      images('size: { max: "4" }'),
      3,
      18,
      'pool \'images\': size.max is "4", but must be a whole number from 1 to 1,024.',
    ],
    [
      'has a number out of range',
      images('size:', '  min: 1', '  max: 0'),
      5,
      12,
      "pool 'images': size.max is 0, but must be a whole number from 1 to 1,024.",
    ],
    [
      'has no number',
      images('taskTimeoutMs: soon'),
      3,
      20,
      'taskTimeoutMs is "soon", but must be a number above 0 and up to 2,147,483,647, or null for none.',
    ],
    ['leaves out a value', images('idleExpiryMs:'), 3, 5, 'idleExpiryMs is null'],
    [
      'has a misspelt preset',
      images('scaling: thrify'),
      3,
      14,
      'scaling is "thrify", but must be one of balanced, thrifty, latency, course, adaptive. Did you mean \'thrifty\'?',
    ],
    ['switches scaling off', images('scaling: false'), 3, 14, 'scaling is false, but must be one of balanced,'],
    [
      'has a misspelt decider',
      images('scaling:', '  policy:', '    decider: { type: treshold }'),
      5,
      26,
      'scaling.policy.decider has the type "treshold", which is none. Did you mean \'threshold\'?',
    ],
    [
      'leaves out what a part needs',
      images('scaling: { policy: { decider: { type: step, signal: queueDepth } } }'),
      3,
      35,
      'scaling.policy.decider lacks steps.',
    ],
    [
      'has a wrong guard in a list',
      images('scaling:', '  policy:', '    guards:', '      - type: cooldown', '        upMs: -1'),
      7,
      19,
      'scaling.policy.guards[0].upMs is -1',
    ],
    [
      'has a wrong budget',
      'budget: { workers: all }\n',
      1,
      20,
      'budget.workers is "all", but must be a whole number from 1 to 65,536, or "usable-cores".',
    ],
  ])('where it %s', (_, text, line, column, message) => {
    const problem = problemOf(text);
    expect(problem.message).toContain(message);
    expect([problem.line, problem.column]).toEqual([line, column]);
  });

  it('where it nests more deeply than the parser can follow', () => {
    expect(problemOf('['.repeat(20_000))).toMatchObject({ line: 1 });
    expect(problemOf('{a: '.repeat(20_000))).toMatchObject({ line: 1 });
  });

  it('as compilers tell it', () => {
    expect(tellProblem('/etc/pools.yaml', problemOf('pool: {}\n'))).toMatch(
      /^\/etc\/pools\.yaml:1:1: the document has/,
    );
    expect(tellProblem('/etc/pools.yaml', new ConfigProblem('no.'))).toBe('/etc/pools.yaml: no.');
  });
});

describe('what the core finds wrong is told in its place', () => {
  const at = (text: string, error: unknown) => {
    const { line, column, message } = parseConfig(text, POOLS).locate(error);
    return { place: [line, column], message };
  };
  const wrong = (pool: string | undefined, option?: string) => new PoolConfigError('it is wrong.', { pool, option });
  const text = images(
    'size:',
    '  max: 2',
    'scaling:',
    '  policy:',
    '    guards:',
    '      - { type: cooldown, upMs: 5 }',
  );

  it.each<[string, PoolConfigError, number[]]>([
    ['the option', wrong('images', 'size.max'), [4, 12]],
    ['what holds an option that the file does not have', wrong('images', 'size.min'), [4, 7]],
    ['an option in a list', wrong('images', 'scaling.policy.guards[0].upMs'), [8, 37]],
    ['the pool, for an option that is not in the file', wrong('images', 'queue.capacity'), [3, 5]],
    ['the top, for a pool that is not in the file', wrong('mail.out', 'size.max'), [1, 1]],
    [
      'an option that only the message names',
      new PoolConfigError("pool 'images': size.max is 2, but no.", { pool: 'images' }),
      [4, 12],
    ],
  ])('%s', (_, error, place) => {
    expect(at(text, error).place).toEqual(place);
  });

  it('a name with dots', () => {
    const budget = 'budget:\n  priorities:\n    mail.out: 2\n    images: 2\n';
    expect(at(budget, wrong(undefined, 'budget.priorities.mail.out')).place).toEqual([3, 15]);
  });

  it('floors that do not fit, at the budget', () => {
    const error = new PoolConfigError('the budget has 1 workers, but the size.min of its pools add up to 2.');
    expect(at('pools: {}\nbudget:\n  workers: 1\n', error).place).toEqual([3, 3]);
  });
});

describe('a configuration file that is right', () => {
  it('may leave groups empty, and use anchors and JSON', () => {
    expect(parseConfig('pools:\n  images:\n    size:\n', POOLS).options).toEqual({ pools: { images: { size: null } } });
    expect(parseConfig('{"pools":{"images":{"taskTimeoutMs":null}}}', POOLS).options.pools).toEqual({
      images: { taskTimeoutMs: null },
    });
    const anchored = 'pools:\n  images: &same { queue: { capacity: 5 } }\n  mail.out: *same\n';
    expect(parseConfig(anchored, POOLS).options.pools!['mail.out']).toEqual({ queue: { capacity: 5 } });
  });
});
