import { move } from 'piscina';
import { exchange as exchangeHere } from '../tasks.js';

export { asyncNoop, echo, noop, spin1ms, spin50us } from '../tasks.js';

export function exchange(buffer: ArrayBuffer): unknown {
  return move(exchangeHere(buffer));
}
