import { runCommand } from '../../lib/cli/run-command.js';
import { load } from './command.js';

process.exitCode = await runCommand(load, process.argv.slice(2), {
  program: 'npm run load --',
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
