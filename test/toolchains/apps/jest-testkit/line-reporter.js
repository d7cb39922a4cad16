/** Prints the outcome of all tests as one line, for the command that tries all toolchains. */
module.exports = class LineReporter {
  onRunComplete(_, { testResults }) {
    const checks = {};
    for (const { testFilePath, testExecError, failureMessage, testResults: tests } of testResults) {
      if (testExecError || tests.length === 0) checks[testFilePath] = failureMessage ?? 'no tests';
      for (const { title, status, failureMessages } of tests) {
        checks[title] = status === 'passed' || failureMessages.join('\n') || status;
      }
    }
    process.stdout.write(`${JSON.stringify({ checks })}\n`);
  }
};
