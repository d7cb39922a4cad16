import type { Clock, Timer } from '../core/clock.js';

/** Time that is where the simulation puts it, milliseconds from its start. A control loop asks it; nothing is scheduled. */
export class VirtualTime implements Clock {
  at = 0;

  now(): number {
    return this.at;
  }

  schedule(): Timer {
    throw new Error('a simulation has no timers: the control loop is ticked by it');
  }

  every(): Timer {
    throw new Error('a simulation has no timers: the control loop is ticked by it');
  }
}
