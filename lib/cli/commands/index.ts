import type { Command } from '../command.js';
import { size } from './size.js';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [size];
