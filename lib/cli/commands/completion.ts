import { type Command, EXIT, UsageError } from '../command.js';
import { bashScript } from '../completion/bash.js';
import { fishScript } from '../completion/fish.js';
import { zshScript } from '../completion/zsh.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

type Shell = keyof typeof SCRIPTS;

const SHELLS = Object.keys(SCRIPTS) as Shell[];

/** `dynamic-pool completion`: what makes a shell complete the other commands, and this one. */
export function completionOf(others: readonly Command[]): Command {
  const completion: Command = {
    name: 'completion',
    about: 'Prints what makes a shell complete commands, options and names of pools.',
    usage: SHELLS.join('|'),
    options: {},
    arguments: 1,
    completes: SHELLS,
    examples: [
      'source <(dynamic-pool completion bash)',
      'dynamic-pool completion zsh > "${fpath[1]}/_dynamic-pool"',
      'dynamic-pool completion fish > ~/.config/fish/completions/dynamic-pool.fish',
    ],
    run(_, output, [given]) {
      const shell = SHELLS.find((each) => each === given);
      if (shell === undefined) {
        const what = given === undefined ? 'Which shell?' : `There is no script for '${given}'.`;
        throw new UsageError(`${what} dynamic-pool completion ${SHELLS.join('|')}.`);
      }
      output.out(SCRIPTS[shell]([...others, completion]));
      return EXIT.done;
    },
  };
  return completion;
}
