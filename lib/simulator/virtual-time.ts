import type { Clock, Timer } from '../core/clock.js';

/** Time that is where the simulation puts it, milliseconds from its start. A control loop asks it; nothing is scheduled. */
export class VirtualTime implements Clock {
  at = 0;

  now(): number {
    return this.at;
  }

  schedule(): Timer {
    return noTimers();
  }

  every(): Timer {
    return noTimers();
  }
}

function noTimers(): never {
  throw new Error('a simulation has no timers: it ticks the control loop itself');
}
