import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedTable } from '../../../../lib/engines/thread/shared-layout.js';
import { MailWait } from '../../../../lib/engines/thread/worker/mail-wait.js';

let now: number;

beforeEach(() => {
  now = 1_000;
  // Each look at the clock takes a microsecond.
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.001));
});

afterEach(() => void vi.restoreAllMocks());

function setUp({ isAlone = false, parking = false } = {}) {
  const table = SharedTable.forSlots(1);
  table.isAlone = isAlone;
  const looks = vi.spyOn(table, 'mail', 'get');
  const park = vi.spyOn(table, 'park').mockImplementation((_, ms) => void (now += ms));
  return { table, looks, park, wait: new MailWait(table, parking) };
}

const TURN_ENDS = 1e9;

describe('an idle worker', () => {
  it('leaves the waiting to its event loop where several have work', () => {
    const { wait, looks, park } = setUp();
    expect(wait.forMail(0, TURN_ENDS)).toBe('enough');
    expect([looks.mock.calls.length, park.mock.calls.length]).toEqual([0, 0]);
  });

  it('looks out for the next task for a moment where it is alone', () => {
    const { wait, looks } = setUp({ isAlone: true });
    looks.mockReturnValueOnce(0).mockReturnValueOnce(0).mockReturnValueOnce(1);
    expect(wait.forMail(0, TURN_ENDS)).toBe('mail');
    expect(looks).toHaveBeenCalledTimes(3);
  });

  it('gives its event loop the turn that is due all the same', () => {
    const { wait, looks } = setUp({ isAlone: true });
    looks.mockReturnValue(1);
    expect(wait.forMail(0, now)).toBe('turn is over');
  });

  it('looks out less and less where that is in vain, and again at once when it was not', () => {
    const { wait, looks } = setUp({ isAlone: true });
    const looked = () => {
      looks.mockClear();
      wait.forMail(0, TURN_ENDS);
      return looks.mock.calls.length > 0;
    };
    const gaps: number[] = [];
    let gap = 0;
    for (let wait = 0; wait < 400; wait++) {
      if (looked()) {
        gaps.push(gap);
        gap = 0;
      } else gap++;
    }
    expect(gaps.slice(0, 9)).toEqual([0, 1, 2, 4, 8, 8, 8, 8, 8]);
    while (!looked());
    for (let left = 0; left < 8; left++) expect(looked()).toBe(false);
    looks.mockReturnValueOnce(1);
    expect(wait.forMail(0, TURN_ENDS)).toBe('mail');
    expect([looked(), looked(), looked()]).toEqual([true, false, true]);
  });

  it('sleeps where it parks, for a few milliseconds at a time and as long as there was work lately', () => {
    const { wait, park } = setUp({ parking: true });
    wait.worked(now);
    const waits: string[] = [];
    do waits.push(wait.forMail(7, TURN_ENDS));
    while (waits.at(-1) === 'mail');
    expect(waits.at(-1)).toBe('enough');
    expect(park.mock.calls).toEqual(Array.from({ length: 10 }, () => [7, 5]));
  });

  it('does not oversleep the turn of its event loop', () => {
    const { wait, park } = setUp({ parking: true });
    wait.worked(now);
    expect(wait.forMail(0, now - 1)).toBe('turn is over');
    expect(park).not.toHaveBeenCalled();
  });
});
