#!/usr/bin/env node
import { runCli } from './run-cli.js';

// A reader that has seen enough, as `head`, closes the pipe: no fault of this program, and its end where it would follow.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
