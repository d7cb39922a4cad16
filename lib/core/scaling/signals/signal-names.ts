import { refusal, type Place } from '../../validate.js';
import { unknownName } from '../unknown-name.js';

/** Refuses the name of a signal that a pool does not have; the message has the nearest one that it has. */
export function requireSignalName(place: Place, name: unknown, known: readonly string[]): string {
  if (typeof name === 'string' && known.includes(name)) return name;
  throw unknownName(place, name, 'signal', known);
}

/** Names stand in decisions, logs and configuration files. */
export function requireNewName(place: Place, name: string): string {
  if (/^[a-z][\w-]{0,63}$/i.test(name)) return name;
  throw refusal(place, name, 'a name of at most 64 letters, digits, _ and -, a letter first');
}
