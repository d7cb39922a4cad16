import type { Command } from '../command.js';
import { NAMES_COMMAND, optionWords } from './words.js';

/**
 * For bash 4 and later. Names of pools are compared, never given to `compgen -W`: that would expand what is in them,
 * commands too.
 */
export function bashScript(commands: readonly Command[]): string {
  return `# bash completion of dynamic-pool
_dynamic_pool_names() {
  local name
  while IFS= read -r name; do
    if [[ -n $name && $name == "$1"* ]]; then
      COMPREPLY+=("$(printf '%q' "$name")")
    fi
  done < <(${NAMES_COMMAND})
}

_dynamic_pool() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(valueCases).join('')}  esac
  if [[ $current == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${commands.map((command) => `      ${command.name}) COMPREPLY=($(compgen -W '${optionWords(command).join(' ')}' -- "$current")) ;;\n`).join('')}    esac
    return
  fi
  if ((COMP_CWORD == 2)); then
    case "\${COMP_WORDS[1]}" in
${commands.flatMap(argumentCase).join('')}    esac
  fi
}

complete -F _dynamic_pool dynamic-pool
`;
}

/** What completes the value of an option; where nothing does, nothing is offered in its place. */
function valueCases({ name, options }: Command): string[] {
  return Object.entries(options).flatMap(([option, { type, completes }]) => {
    if (type === 'flag') return [];
    return [`    '${name} --${option}') ${completed(completes)}return ;;\n`];
  });
}

function argumentCase({ name, completes }: Command): string[] {
  return completes === undefined ? [] : [`      ${name}) ${completed(completes)};;\n`];
}

function completed(by: Command['completes'] | 'file'): string {
  if (by === undefined) return '';
  if (by === 'pool') return '_dynamic_pool_names "$current"; ';
  if (by === 'file') return 'COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; ';
  return `COMPREPLY=($(compgen -W '${by.join(' ')}' -- "$current")); `;
}
