import { describe, expect, it } from 'vitest';
import { knownEvent } from '../../../../lib/cli/api/answers.js';
import { EventLines } from '../../../../lib/cli/words/event-line.js';
import { decision, NOON, poolView } from '../../../support/pool-views.js';

const lines = (...events: Array<readonly [string, object]>) => {
  const words = new EventLines(['images']);
  return events.flatMap(([event, data]) => {
    const known = knownEvent(event, { v: 1, pool: 'images', at: NOON, ...data });
    return known === null ? ['unknown'] : (words.line(known) ?? []);
  });
};

describe('events as lines (O4)', () => {
  it('tell each kind in words', () => {
    expect(
      lines(
        ['snapshot', poolView()],
        ['decision', { ...decision({ reason: 'work was left over' }), at: NOON }],
        ['resized', { from: 2, to: 4, reason: 'work was left over' }],
        ['worker', { change: 'started', workerId: 5, threadId: 9, bootMs: 130 }],
        ['worker', { change: 'exited', workerId: 5, reason: 'idle' }],
        ['gap', { pool: null, missed: 12 }],
        ['gap', { pool: null, missed: null }],
      ),
    ).toEqual([
      '12:00:00  images  snapshot  open, 4 workers (target 4), 3 busy, 2 waiting',
      '12:00:00  images  decision  grew from 2 to 4. work was left over',
      '12:00:00  images  resized   2 → 4: work was left over',
      '12:00:00  images  worker    worker 5 started in 130ms',
      '12:00:00  images  worker    worker 5 left: idle',
      '12:00:00  -       gap       12 events left out',
      '12:00:00  -       gap       events were left out',
    ]);
  });

  it('tell a snapshot again only where something has changed', () => {
    expect(
      lines(
        ['snapshot', poolView()],
        ['snapshot', poolView({ busy: 1 })],
        ['snapshot', poolView({ state: 'paused' })],
        ['snapshot', { ...poolView({ state: 'paused' }), name: 'other', pool: 'other' }],
      ),
    ).toHaveLength(3);
  });

  it('are not told where they are of a newer kind, or not what they should be', () => {
    expect(
      lines(
        ['weather', {}],
        ['resized', { from: 'x', to: 4, reason: '' }],
        ['snapshot', {}],
        ['gap', { v: 2, missed: 1 }],
      ),
    ).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
});
