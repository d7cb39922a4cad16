import { defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one plain line that any tool can read. */
const tally: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    process.stdout.write(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`);
  },
};

// The tests run as built: worker threads load files, and only JavaScript with its decorator metadata will do for them.
export default defineConfig({
  test: {
    include: ['dist/test/**/*.test.js'],
    exclude: ['node_modules'],
    pool: 'forks',
    // By default one core is left to the runner, which has little to do.
    maxWorkers: '100%',
    reporters: ['default', tally],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    server: { deps: { external: [/\/dist\/(lib|bundle|sample-app)\//, /\/dist\/test\/(fixtures|support)\//] } },
  },
});
