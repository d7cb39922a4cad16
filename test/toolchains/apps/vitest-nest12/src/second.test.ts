import { createPool } from 'nestjs-dynamic-pool';
import { expect, test } from 'vitest';

test('a second file, in a thread or a process of its own', async () => {
  const tasks = new URL('./tasks.js', import.meta.url);
  const pool = createPool({ name: 'second', tasks, size: { max: 1 }, scaling: false });
  expect(await pool.run('greet', ['you'])).toBe('hello you');
  await pool.close();
});
