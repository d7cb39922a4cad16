import type { Command, OptionSpec } from '../command.js';
import { NAMES_COMMAND, quoted } from './words.js';

/** For zsh: names of pools go through `compadd`, which quotes them. */
export function zshScript(commands: readonly Command[]): string {
  return `#compdef dynamic-pool
# zsh completion of dynamic-pool
_dynamic_pool_names() {
  local -a names
  names=("\${(@f)$(${NAMES_COMMAND})}")
  compadd -- \${names:#}
}

_dynamic_pool() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${about.replaceAll(':', String.raw`\:`)}`)}\n`).join('')}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('')}  esac
}

if [[ $funcstack[1] == _dynamic-pool ]]; then
  _dynamic_pool "$@"
else
  compdef _dynamic_pool dynamic-pool
fi
`;
}

function commandCase({ name, options, completes }: Command): string {
  const specs = [
    ...Object.entries(options).flatMap(([option, spec]) => optionSpecs(option, spec)),
    '--help[help with examples]',
    ...(completes === undefined ? [] : [`1:${argumentOf(completes)}`]),
  ];
  return `    ${name})\n      _arguments ${specs.map(quoted).join(' \\\n        ')}\n      ;;\n`;
}

function optionSpecs(option: string, { type, short, shown, about, completes }: OptionSpec): string[] {
  const told = about.replaceAll(/[[\]:]/g, (char) => `\\${char}`);
  const value = type === 'flag' ? '' : `:${shown ?? 'value'}:${actionOf(completes)}`;
  return [`--${option}[${told}]${value}`, ...(short === undefined ? [] : [`-${short}[${told}]${value}`])];
}

function argumentOf(completes: NonNullable<Command['completes']>): string {
  return `${completes === 'pool' ? 'pool' : 'word'}:${actionOf(completes)}`;
}

function actionOf(by: OptionSpec['completes']): string {
  if (by === undefined) return ' ';
  if (by === 'pool') return '_dynamic_pool_names';
  return by === 'file' ? '_files' : `(${by.join(' ')})`;
}
