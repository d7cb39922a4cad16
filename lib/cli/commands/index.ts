import type { Command } from '../command.js';
import { auto } from './auto.js';
import { completionOf } from './completion.js';
import { describe } from './describe.js';
import { drain } from './drain.js';
import { events } from './events.js';
import { explain } from './explain.js';
import { ls } from './ls.js';
import { pause } from './pause.js';
import { policy } from './policy.js';
import { quarantine } from './quarantine.js';
import { resume } from './resume.js';
import { scale } from './scale.js';
import { simulate } from './simulate.js';
import { size } from './size.js';
import { top } from './top.js';

const OTHERS: readonly Command[] = [
  ls,
  top,
  describe,
  scale,
  auto,
  pause,
  resume,
  drain,
  explain,
  events,
  policy,
  quarantine,
  simulate,
  size,
];

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [...OTHERS, completionOf(OTHERS)];
