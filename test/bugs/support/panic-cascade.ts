// A program of its own: a pool of three, ten items, the seventh of which kills its thread.
import { createPool } from '../../../lib/entries/create.js';

const pool = createPool({
  name: 'cascade',
  tasks: new URL('./tasks.js', import.meta.url),
  size: { min: 3, max: 3 },
});
const calls = Array.from({ length: 10 }, (_, index) => pool.run('squareUnlessSeven', [index + 1]));
const outcomes = await Promise.allSettled(calls);
await pool.close();
const told = outcomes.map((outcome) =>
  outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as Error).name,
);
process.stdout.write(JSON.stringify(told));
