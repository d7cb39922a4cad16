import { expect, test } from 'vitest';
import { decider, guard } from '../support/build.js';
import { TinyAutoscaler } from '../support/tiny-autoscaler.js';

test('S0-B12: a PID controller that was at its ceiling for an hour comes down with the load', () => {
  const pid = decider({ type: 'pid', signal: 'utilization', setpoint: 0.7, kp: 10, ki: 0.5, kd: 0 });
  const autoscaler = new TinyAutoscaler(4, pid, [guard({ type: 'bounds' })]);
  const busy = (load: number) => () => ({ utilization: Math.min(1, load / autoscaler.size) });

  autoscaler.run(0, 3_600_000, 500, busy(100));
  expect(autoscaler.size).toBe(32);
  autoscaler.run(3_600_000, 3_610_000, 500, busy(7));
  expect(autoscaler.size).toBeLessThanOrEqual(12);
});
