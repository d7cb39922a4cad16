import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./support/panic-cascade.js', import.meta.url));

test('S2-E06: one bad item costs its own call and its worker, not the whole program', { timeout: 10_000 }, async () => {
  const { code, stdout } = await runProgram(PROGRAM);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([1, 4, 9, 16, 25, 36, 'WorkerCrashedError', 64, 81, 100]);
});

function runProgram(file: string): Promise<{ code: unknown; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { timeout: 8_000 }, (error, stdout) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout });
    });
  });
}
