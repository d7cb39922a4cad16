// In the pool `threads`, the main thread has to load this before a thread of vitest does.
import '@swc/core';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.test.ts'], disableConsoleIntercept: true, testTimeout: 60_000, hookTimeout: 60_000 },
});
