import { describe, expect, it } from 'vitest';
import { Claims, Replies, SharedTable, ticketOf } from '../../../../lib/engines/thread/shared-layout.js';

const SLOTS = 3;
/** Bytes. */
const HEADER = 32;

/** A table, and its memory as the comment on top of shared-layout.ts lays it out: eight words, then 40 bytes a slot. */
function layout() {
  const table = SharedTable.forSlots(SLOTS);
  const header = new Int32Array(table.buffer, 0, 8);
  const words = (slot: number) => new Int32Array(table.buffer, HEADER + 40 * slot, 4);
  const doubles = (slot: number) => new Float64Array(table.buffer, HEADER + 40 * slot + 16, 3);
  return { table, header, words, doubles };
}

describe('the memory that a worker shares with the main thread', () => {
  it('is eight words and 40 bytes for each slot', () => {
    expect(SharedTable.forSlots(SLOTS).buffer.byteLength).toBe(HEADER + 40 * SLOTS);
    expect(SharedTable.forSlots(129).buffer.byteLength).toBe(HEADER + 40 * 129);
  });

  it('begins as zeros, which means free slots, nobody to wake and no mail', () => {
    const { table } = layout();
    expect([0, 1, 2].map((slot) => table.claim(slot))).toEqual([Claims.FREE, Claims.FREE, Claims.FREE]);
    expect(table).toMatchObject({ mail: 0, heapMb: 0, isAlone: false });
    expect(Claims.FREE).toBe(0);
  });

  it('has the header words where the comment says', () => {
    const { table, header } = layout();
    table.heapBytes = 5 * 1_024 * 1_024 + 7;
    expect(table.mustWake()).toBe(true);
    table.ring();
    table.ring();
    table.isAlone = true;
    table.highestLoopDelayMs = 7.25;
    table.loopDueAt = 1_234.5;
    table.reportRead();
    expect([...header]).toEqual([5 * 1_024, 1, 2, 1, 7_250, 1_235, 1, 0]);
    expect(table.unreadReports(4)).toBe(3);
    expect(table).toMatchObject({ mail: 2, heapMb: 5, isAlone: true });
    table.awake();
    table.isAlone = false;
    table.loopDueAt = null;
    expect([...header]).toEqual([5 * 1_024, 0, 2, 0, 7_250, 0, 1, 0]);
  });

  it('has the words and doubles of a slot where the comment says, and touches no other slot', () => {
    const { table, words, doubles } = layout();
    table.send(1);
    table.requestAbort(1, 77);
    table.start(1);
    expect(table.finish(1, 1_234.5, 0.25, 6.75)).toBe(true);
    expect([...words(1)]).toEqual([Claims.DONE, 77, Replies.NUMBER, 0]);
    expect([...doubles(1)]).toEqual([6.75, 1_234.5, 0.25]);
    table.finishPosted(1, 1_300, 0.5, 9);
    expect([...words(1)]).toEqual([Claims.DONE, 77, Replies.MESSAGE, 9]);
    expect([...doubles(1)].slice(1)).toEqual([1_300, 0.5]);
    for (const slot of [0, 2]) {
      expect([...words(slot), ...doubles(slot)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    }
  });

  it('holds a heap of any size', () => {
    const { table } = layout();
    table.heapBytes = 2 ** 50;
    expect(table.heapMb).toBeCloseTo(2 ** 21, 0);
  });
});

describe('the delay of the event loop', () => {
  it('is 0 until measured, and above 0 from then on', () => {
    const { table } = layout();
    expect(table.loopDelayMs(1_000)).toBe(0);
    table.highestLoopDelayMs = 0;
    expect(table.loopDelayMs(1_000)).toBe(0.001);
  });

  it('is that of now where the loop is late, and that is more than there was', () => {
    const { table } = layout();
    table.highestLoopDelayMs = 20;
    table.loopDueAt = 1_000;
    expect([900, 1_000, 1_019, 1_021, 1_500.9].map((now) => table.loopDelayMs(now))).toEqual([20, 20, 20, 21, 500]);
    table.loopDueAt = null;
    expect(table.loopDelayMs(1_500)).toBe(20);
  });

  it.each([2 ** 31 - 5, 2 ** 31, 2 ** 32, 2 ** 40])('is told on a clock that stands at %i ms', (at) => {
    const { table } = layout();
    table.loopDueAt = at;
    expect([table.loopDelayMs(at - 10), table.loopDelayMs(at + 50)]).toEqual([0, at % 2 ** 32 === 0 ? 49 : 50]);
  });

  it('is of any length', () => {
    const { table } = layout();
    table.highestLoopDelayMs = Infinity;
    expect(table.loopDelayMs(0)).toBeGreaterThan(1e6);
  });
});

describe('the claim of a slot', () => {
  it('goes from free to sent, started, done and free again', () => {
    const { table } = layout();
    const seen: number[] = [table.claim(0)];
    const step = (move: () => void) => {
      move();
      seen.push(table.claim(0));
    };
    step(() => table.send(0));
    step(() => expect(table.start(0)).toBe(true));
    step(() => table.finish(0, 1, 1, undefined));
    step(() => table.free(0));
    expect(seen).toEqual([Claims.FREE, Claims.SENT, Claims.STARTED, Claims.DONE, Claims.FREE]);
  });

  it('goes from sent to revoked, skipped and free again, and the task cannot be started meanwhile', () => {
    const { table } = layout();
    table.send(0);
    expect(table.revoke(0)).toBe(true);
    expect(table.claim(0)).toBe(Claims.REVOKED);
    expect(table.start(0)).toBe(false);
    table.skip(0);
    expect(table.claim(0)).toBe(Claims.SKIPPED);
    expect(table.start(0)).toBe(false);
    table.free(0);
    expect(table.claim(0)).toBe(Claims.FREE);
  });

  it('is taken by one of the two sides only, whoever is first', () => {
    const { table } = layout();
    table.send(0);
    expect([table.start(0), table.start(0), table.revoke(0)]).toEqual([true, false, false]);
    table.send(1);
    expect([table.revoke(1), table.revoke(1), table.start(1)]).toEqual([true, false, false]);
  });

  it.each(['FREE', 'STARTED', 'DONE', 'REVOKED', 'SKIPPED'] as const)('cannot be moved from %s', (state) => {
    const { table, words } = layout();
    words(0)[0] = Claims[state];
    expect([table.revoke(0), table.start(0)]).toEqual([false, false]);
    expect(table.claim(0)).toBe(Claims[state]);
  });
});

describe('a result', () => {
  it.each([
    ['undefined', undefined, Replies.UNDEFINED],
    ['null', null, Replies.NULL],
    ['false', false, Replies.FALSE],
    ['true', true, Replies.TRUE],
    ['a number', -12.5, Replies.NUMBER],
    ['NaN', Number.NaN, Replies.NUMBER],
    ['minus zero', -0, Replies.NUMBER],
    ['infinity', Infinity, Replies.NUMBER],
  ])('that is %s lies in the slot', (_, value, reply) => {
    const { table, words } = layout();
    expect(table.finish(2, 10, 1, value)).toBe(true);
    expect(words(2)[2]).toBe(reply);
    expect(table.isPosted(2)).toBe(false);
    expect(table.result(2)).toBe(value);
    expect([table.startedAt(2), table.serviceMs(2)]).toEqual([10, 1]);
  });

  it.each([
    ['a string', ''],
    ['a bigint', 1n],
    ['an object', {}],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
  ])('that is %s does not fit, and nothing is done', (_, value) => {
    const { table, words } = layout();
    table.send(0);
    table.start(0);
    expect(table.finish(0, 10, 1, value)).toBe(false);
    expect([...words(0)]).toEqual([Claims.STARTED, 0, 0, 0]);
  });

  it('in a message says in which', () => {
    const { table } = layout();
    table.finishPosted(0, 10, 1, 4);
    expect([table.isPosted(0), table.message(0)]).toEqual([true, 4]);
  });
});

describe('an abort', () => {
  it('is for the task whose ticket it has, and gone with the next one', () => {
    const { table } = layout();
    table.send(0);
    expect(table.abortTicket(0)).toBe(0);
    table.requestAbort(0, ticketOf(1));
    expect(table.abortTicket(0)).toBe(2);
    table.free(0);
    table.send(0);
    expect(table.abortTicket(0)).toBe(0);
  });

  it('has a ticket above 0 that fits into a word, for any task', () => {
    for (const id of [0, 1, 2 ** 31 - 3, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      expect(ticketOf(id)).toBeGreaterThan(0);
      expect(ticketOf(id) | 0).toBe(ticketOf(id));
    }
    expect(ticketOf(5)).not.toBe(ticketOf(6));
  });
});

describe('a wake-up', () => {
  it('is sent once until main has looked', () => {
    const { table } = layout();
    expect([table.mustWake(), table.mustWake()]).toEqual([true, false]);
    table.awake();
    expect([table.mustWake(), table.mustWake()]).toEqual([true, false]);
  });

  it('comes at once to a worker that would sleep while there is mail', () => {
    const { table } = layout();
    const seen = table.mail;
    table.ring();
    // A minute, if it slept.
    table.park(seen, 60_000);
    expect(table.mail).toBe(seen + 1);
  });
});
