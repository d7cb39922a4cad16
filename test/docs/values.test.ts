import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NestFactory } from '@nestjs/core';
import { createPool, TaskCloneError, type Pool } from 'nestjs-dynamic-pool';
import { Billing, BillingModule, Money, Order, Voucher } from '../fixtures/docs/values.js';
import { largest } from '../fixtures/docs/values-core.js';
import { KINDS } from '../fixtures/values/kinds.js';
import { MOVING } from '../fixtures/values/moving.js';
import { REFUSED } from '../fixtures/values/refused.js';

const page = readFileSync('docs/values.md', 'utf8');
const tasks = new URL('../fixtures/values/crossings.js', import.meta.url);
let pool: Pool;
beforeAll(() => {
  pool = createPool({ name: 'values', tasks, size: { max: 1 }, scaling: false });
});
afterAll(() => pool.close({ force: true }));

describe('the snippets of docs/values.md (U8)', () => {
  it('bills with instances on both sides', async () => {
    const app = await NestFactory.createApplicationContext(BillingModule, { logger: false });
    const billing = app.get(Billing);
    const orders = [[150, 50], [30]].map((prices) => new Order(prices.map((cents) => new Money(cents))));
    const price = await billing.price(orders[0]!, new Voucher('SPRING'));
    expect(price.plus(new Money(6))).toEqual(new Money(200));
    const [order, ...others] = await billing.above(orders, 100);
    expect(others).toEqual([]);
    expect(order!.total().cents).toBe(200);
    await app.close();
  });

  it('revives by hand', async () => {
    expect(await largest(new URL('../fixtures/docs/values-tasks.js', import.meta.url))).toBe(9);
  });
});

interface Row {
  readonly name: string;
  readonly argument: string;
  readonly result: string;
  readonly error: string;
}

/** The rows of all tables whose first column has this heading. */
function rowsUnder(heading: string): Row[] {
  const rows: Row[] = [];
  let isWithin = false;
  for (const line of page.split('\n')) {
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1) : null;
    const [name = '', argument = '', result = '', error = ''] = cells?.map((cell) => cell.trim()) ?? [];
    if (!cells) isWithin = false;
    else if (name === heading) isWithin = true;
    else if (isWithin && !/^-+$/.test(name)) rows.push({ name, argument, result, error });
  }
  return rows;
}

/** Of `this on Node.js 20, that on 24`, what holds here. */
function here(cell: string): string {
  if (!cell.includes(' on Node.js ')) return cell;
  const major = Number(process.versions.node.split('.')[0]);
  const parts = cell.split(', ').map((part) => /^(.*) on (?:Node\.js )?(\d+)$/.exec(part)!);
  return parts.findLast(([, , from]) => Number(from) <= major)![1]!;
}

async function refusable(call: Promise<string>): Promise<string> {
  return call.catch((error: unknown) => {
    if (error instanceof TaskCloneError) return 'refused';
    throw error;
  });
}

/** What the samples of a kind become; they have to agree. */
async function each(name: string, verdict: (sample: unknown, index: number) => Promise<string>): Promise<string> {
  const verdicts = new Set<string>();
  for (const [index, sample] of KINDS[name]!.samples.entries()) verdicts.add(await verdict(sample, index));
  return verdicts.size === 0 ? 'unknown' : [...verdicts].join(' / ');
}

describe('the tables of docs/values.md, by what really crosses (U8)', () => {
  const rows = rowsUnder('value');

  it('have all kinds that are tried, and no others', () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(KINDS));
    expect(rowsUnder('moved').map(({ name }) => name)).toEqual(Object.keys(MOVING));
    const list = page.slice(page.indexOf('<!-- refused -->'), page.indexOf('<!-- /refused -->'));
    expect([...list.matchAll(/^- (.*?)(?: \(.*\))?[,.]?$/gm)].map(([, name]) => name)).toEqual(Object.keys(REFUSED));
  });

  it.each(rows)('$name', async ({ name, argument, result, error }) => {
    const tell = (value: unknown, index: number) => Promise.resolve(KINDS[name]!.tell(value as never, index));
    const found = {
      argument: await each(name, (sample, index) => refusable(pool.run('receive', [name, index, sample]))),
      result: await each(name, async (_, index) =>
        refusable(pool.run('give', [name, index]).then((value) => tell(value, index))),
      ),
      error: await each(name, async (_, index) => {
        const thrown = (await pool.run('fail', [name, index]).catch((reason: unknown) => reason)) as RangeError;
        expect(thrown).toMatchObject({ message: 'odd' });
        const brought = [(thrown as { detail?: unknown }).detail, thrown.cause];
        const isLeftOut = !Object.hasOwn(thrown, 'detail');
        const [detail, cause] = await Promise.all(
          brought.map((value) => (isLeftOut ? 'left out' : tell(value, index))),
        );
        expect(cause).toBe(detail);
        return detail!;
      }),
    };
    expect(found).toEqual({ argument: here(argument), result: here(result), error: here(error) });
  });

  it.each(rowsUnder('moved'))('moved: $name', async ({ name, ...cells }) => {
    const { make, use } = MOVING[name]!;
    const sent = await make();
    const isUsed = await pool.run('useHere', [name, sent.value], { transfer: [sent.value] });
    expect(sent.isGone?.() ?? true).toBe(true);
    sent.end?.();
    const isUsedHere = await use((await pool.run('make', [name])) as never);
    const thrown = await pool.run('failMoving', [name]).catch((reason: unknown) => reason as object);
    expect({
      argument: isUsed ? 'moves' : 'fails',
      result: isUsedHere ? 'moves' : 'fails',
      error: Object.hasOwn(thrown as object, 'detail') ? 'copied' : 'left out',
    }).toEqual(cells);
  });

  it('shares memory that is shared, both ways', async () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    await pool.run('add', [words, 5]);
    expect(words[0]).toBe(5);
    const back = new Int32Array(await pool.run<SharedArrayBuffer>('share'));
    back[0] = 7;
    expect(await pool.run('sharedWord')).toBe(7);
  });
});
