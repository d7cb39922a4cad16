import type { ConfigFault } from '../core/contract/config-status.js';

/** Why a file is not applied, and where in it. */
export class ConfigProblem extends Error implements ConfigFault {
  constructor(
    message: string,
    readonly line: number | null = null,
    readonly column: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ConfigProblem';
  }
}

/** As compilers tell it: `file:line:column: message`. */
export function tellProblem(file: string, { message, line, column }: ConfigFault): string {
  return line === null ? `${file}: ${message}` : `${file}:${line}:${column ?? 1}: ${message}`;
}
