import { afterEach, describe, expect, it } from 'vitest';
import { processSurroundings } from '../../../lib/cli/process-surroundings.js';

const { stdout } = process;
const real = { columns: stdout.columns, rows: stdout.rows };

afterEach(() => void Object.assign(stdout, real));

describe('the terminal of the process (O4)', () => {
  it.each([
    [0, 0, 80, 24],
    [undefined, undefined, 80, 24],
    [120, 50, 120, 50],
  ])('that says %s by %s is taken for one of %d by %d', (columns, rows, ...taken) => {
    Object.assign(stdout, { columns, rows });
    expect([processSurroundings.terminal.columns, processSurroundings.terminal.rows]).toEqual(taken);
  });
});
