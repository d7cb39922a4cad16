import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { expect, test } from 'vitest';
import { tell } from '../../../../lib/observe/health/tell.js';

const terminus = new HealthIndicatorService();

test.each(['up', 'degraded', 'down'] as const)('Terminus 12 is told %s as such (U5)', (status) => {
  const told = tell(terminus.check('pools'), { status, reasons: ['why'] }, { size: 1 });
  expect(told).toEqual({ pools: { status, size: 1, reasons: ['why'] } });
});

test('Terminus 11 does not know degraded: it is told up, and that this is not all', () => {
  const session = {
    up: (data: object): HealthIndicatorResult => ({ pools: { status: 'up', ...data } }),
    down: () => expect.unreachable(),
  };
  expect(tell(session, { status: 'degraded', reasons: ['why'] }, { size: 1 })).toEqual({
    pools: { status: 'up', degraded: true, size: 1, reasons: ['why'] },
  });
  expect(tell(session, { status: 'up', reasons: [] }, {})).toEqual({ pools: { status: 'up', reasons: [] } });
});
