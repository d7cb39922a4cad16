import workerpool from 'workerpool';
import { asyncNoop, echo, exchange, noop, spin1ms, spin50us } from '../tasks.js';

workerpool.worker({
  asyncNoop,
  echo,
  noop,
  spin1ms,
  spin50us,
  exchange: (buffer: ArrayBuffer) => new workerpool.Transfer(exchange(buffer), [buffer]),
});
