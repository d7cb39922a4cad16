import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONNECTION_OPTIONS, JSON_OPTION } from '../../lib/cli/api/connection.js';
import { EXIT } from '../../lib/cli/command.js';
import { COMMANDS } from '../../lib/cli/commands/index.js';
import { optionForm } from '../../lib/cli/help.js';
import { consoleBlocks, printed } from '../support/console-blocks.js';

const page = readFileSync('docs/command-line.md', 'utf8');
/** Sections by their titles: those of commands are called as the command is. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [/^`(.*)`/.exec(section)?.[1] ?? '', section]),
);
const common = Object.entries({ ...CONNECTION_OPTIONS, ...JSON_OPTION });
/** First column of a table of options, as `--for TIME`. */
const formsIn = (text: string) => Array.from(text.matchAll(/^\| `(-[^`]*)` \|/gm), ([, form]) => form!);

describe('docs/command-line.md (O4)', () => {
  it('has a section for each command, in the order of the help', () => {
    expect([...sections.keys()]).toEqual(COMMANDS.map(({ name }) => name));
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'tells every option of %s, and no other',
    (name, command) => {
      const section = sections.get(name)!;
      const isCommon = (option: string) => common.some(([each]) => each === option) && 'url' in command.options;
      const own = Object.entries(command.options).filter(([option]) => !isCommon(option) || option === 'json');
      const forms = own.filter(([option]) => option !== 'json').map(([option, spec]) => optionForm(option, spec));
      expect(formsIn(section)).toEqual(forms);
      expect(section).toContain(`dynamic-pool ${name} ${command.usage}`.replace(' [options]', '').trimEnd());
      expect(section.includes('`--json`'), 'whether it prints JSON').toBe('json' in command.options);
    },
  );

  it('tells the options that commands share, what they mean at first, and the exit codes', () => {
    const head = page.split(/^### /m)[0]!;
    expect(formsIn(head)).toEqual(common.map(([option, spec]) => optionForm(option, spec)));
    for (const code of Object.values(EXIT)) expect(head).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });

  const blocks = consoleBlocks(page);

  it.each(blocks.map(({ command, output }) => [command, output] as const))(
    'prints what it shows: %s',
    async (command, output) => {
      expect(await printed(command)).toBe(output);
    },
  );

  it('shows every command that prints figures', () => {
    const shown = blocks.map(({ command }) => command.split(' ')[1]);
    expect(COMMANDS.map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual(['completion']);
  });
});
