import { expect, test } from 'vitest';
import { shortenedNames } from '../../../lib/nest/shortened-names.js';

const plan = (className: string, task: string) => ({
  pool: 'main',
  pools: ['main'],
  classes: [{ className, file: null, isScoped: false, tasks: [{ name: task, method: 'run' }] }],
  carriers: [],
  module: null,
});

test.each([
  ['ax', 'ax.run', true],
  ['$', '$.run', true],
  ['', '.run', true],
  ['Tax', 'Tax.run', false],
  ['ax', 'tax', false],
])('class %j whose task is %j: shortened %s', (className, task, isShortened) => {
  expect(shortenedNames(plan(className, task))).toHaveLength(isShortened ? 1 : 0);
});
