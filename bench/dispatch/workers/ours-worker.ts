import { transfer } from 'nestjs-dynamic-pool/worker';
import { exchange as exchangeHere } from '../tasks.js';

export { asyncNoop, echo, noop, spin1ms, spin50us } from '../tasks.js';

export function exchange(buffer: ArrayBuffer): ArrayBuffer {
  return transfer(exchangeHere(buffer), [buffer]);
}
