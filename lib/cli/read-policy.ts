import { readFileSync } from 'node:fs';
import { PRESET_NAMES } from '../core/scaling/presets.js';
import { resolvePolicy } from '../core/scaling/policy.js';
import type { Policy } from '../core/scaling/scaling-options.js';
import { suggest } from '../core/validate.js';
import { UsageError } from './command.js';

/**
 * A policy as an option gives it: a preset, JSON, or `@FILE` with either of them. Its parts are checked where it is built.
 * @throws UsageError where it is none of these.
 */
export function readPolicy(option: string, given: string): Policy {
  const text = (given.startsWith('@') ? contentOf(option, given.slice(1)) : given).trim();
  const preset = PRESET_NAMES.find((name) => name === text);
  if (preset !== undefined) return preset;
  if (!/^["{]/.test(text)) {
    const near = suggest(text, PRESET_NAMES);
    throw new UsageError(
      `--${option} is '${given}', but must be a preset (${PRESET_NAMES.join(', ')}), JSON, or @FILE.${near}`,
    );
  }
  const policy = parsed(option, given, text) as Policy;
  // What is no policy at all is not worth a request; its error says so in the words of the options.
  resolvePolicy(policy, { option: `--${option}` });
  return policy;
}

function parsed(option: string, given: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = given.startsWith('@') ? given.slice(1) : `--${option}`;
    throw new UsageError(`${place} is not JSON: ${(error as Error).message}`);
  }
}

/** @throws UsageError that names the file. */
export function contentOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new UsageError(`--${option}: cannot read '${file}': ${why}.`);
  }
}
