import { Tinypool } from 'tinypool';
import { exchange as exchangeHere } from '../tasks.js';

export { asyncNoop, echo, noop, spin1ms, spin50us } from '../tasks.js';

export function exchange(buffer: ArrayBuffer): unknown {
  return Tinypool.move(exchangeHere(buffer));
}
