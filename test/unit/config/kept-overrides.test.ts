import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { KeptOverrides } from '../../../lib/config/kept-overrides.js';
import type { ManagedPool } from '../../../lib/core/pool/managed-pool.js';
import { fakePool, unstartedFakePool } from '../../support/fake-pool.js';

const NOW = 1_800_000_000_000;

describe('overrides that survive a restart (A4)', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => vi.useRealTimers());

  const temporary = () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'overrides-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return path.join(folder, 'pools.overrides.json');
  };

  /** An application as it comes up: two pools of one to four workers, and the file. */
  async function up(file: string, max = 4) {
    const [{ pool: images }, { pool: mail }] = [await fakePool({ size: { min: 1, max } }), await fakePool()];
    const warnings: string[] = [];
    const pools = new Map<string, ManagedPool>([
      ['images', images],
      ['mail', mail],
    ]);
    const kept = new KeptOverrides(file, pools, (message) => warnings.push(message));
    onTestFinished(() => kept.stop());
    await kept.restore();
    return { images, mail, kept, warnings };
  }

  const stored = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as { overrides: Record<string, object> };

  it('are written down as they are pinned, for the owner of the process alone, and are pinned again', async () => {
    const file = temporary();
    const first = await up(file);
    await first.images.pin(3, { owner: 'ann', reason: 'sale', forMs: 60_000 });
    await first.mail.pin(2);
    first.kept.save();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(['pools.overrides.json']);
    expect(stored(file).overrides).toEqual({
      images: { size: 3, owner: 'ann', reason: 'sale', until: NOW + 60_000 },
      mail: { size: 2, owner: 'unknown', reason: 'manual resize', until: null },
    });
    first.kept.stop();
    await first.images.close();

    vi.setSystemTime(NOW + 20_000);
    const second = await up(file);
    expect(second.images.snapshot()).toMatchObject({
      live: 3,
      override: { size: 3, owner: 'ann', reason: 'sale', until: NOW + 60_000 },
    });
    expect(second.mail.snapshot().override).toMatchObject({ size: 2, until: null });
    expect(second.warnings).toEqual([]);
  });

  it('are forgotten when they are released, and the file goes with the last', async () => {
    const file = temporary();
    const { images, mail, kept } = await up(file);
    await images.pin(3);
    await mail.pin(2);
    kept.save();
    await images.release();
    kept.save();
    expect(Object.keys(stored(file).overrides)).toEqual(['mail']);
    await mail.release();
    kept.save();
    expect(existsSync(file)).toBe(false);
  });

  it('are forgotten when their time is over, running or not', async () => {
    const file = temporary();
    const { images, kept } = await up(file);
    await images.pin(3, { forMs: 5_000 });
    kept.save();
    await images.release();
    expect(existsSync(file)).toBe(true);
    vi.advanceTimersByTime(5_100);
    expect(existsSync(file)).toBe(false);

    const entry = { size: 3, owner: 'ann', reason: 'sale', until: NOW };
    writeFileSync(file, JSON.stringify({ version: 1, overrides: { images: entry } }));
    const again = await up(file);
    expect(again.images.snapshot().override).toBeNull();
    expect(existsSync(file)).toBe(false);
    expect(again.warnings).toEqual([]);
  });

  it('that fit no more are warned of and dropped; the others are kept', async () => {
    const file = temporary();
    const entry = (size: unknown, until: unknown = null) => ({ size, owner: 'ann', reason: 'sale', until });
    const overrides = { images: entry(4), mail: entry(2), gone: entry(2) };
    writeFileSync(file, JSON.stringify({ version: 1, overrides }));
    const { images, mail, warnings } = await up(file, 2);
    expect(images.snapshot().override).toBeNull();
    expect(mail.snapshot().override).toMatchObject({ size: 2 });
    expect(warnings).toHaveLength(2);
    expect(warnings.join('\n')).toContain("the override of pool 'images'");
    expect(warnings.join('\n')).toContain('size is 4, but must be a whole number from 1 to 2');
    expect(warnings.join('\n')).toContain('there is no such pool any more');
    expect(Object.keys(stored(file).overrides)).toEqual(['mail']);
  });

  it.each([
    ['no JSON', '{ "overrides": '],
    ['another version', '{ "version": 2, "overrides": {} }'],
    ['a list', '[]'],
    ['no overrides', '{ "version": 1 }'],
  ])('from a file that has %s are lost with a warning, and the pools go on', async (_, text) => {
    const file = temporary();
    writeFileSync(file, text);
    const { images, warnings, kept } = await up(file);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('is ignored');
    await images.pin(2);
    kept.save();
    expect(Object.keys(stored(file).overrides)).toEqual(['images']);
  });

  it.each([
    ['a size that is none', { size: '3', owner: 'a', reason: 'b', until: null }],
    ['a size of no pool', { size: 1e9, owner: 'a', reason: 'b', until: null }],
    ['no owner', { size: 3, reason: 'b', until: null }],
    ['a time that is none', { size: 3, owner: 'a', reason: 'b', until: 'never' }],
    ['a time beyond all timers', { size: 3, owner: 'a', reason: 'b', until: 1e20 }],
    ['nothing', null],
  ])('with %s are dropped', async (_, entry) => {
    const file = temporary();
    writeFileSync(file, JSON.stringify({ version: 1, overrides: { images: entry } }));
    const { images, warnings } = await up(file);
    expect(images.snapshot().override).toBeNull();
    expect(warnings).toHaveLength(1);
  });

  it('cannot be kept where nothing can be written: warned of once, and nothing else breaks', async () => {
    const folder = path.dirname(temporary());
    const file = path.join(folder, 'none', 'pools.overrides.json');
    const { images, warnings, kept } = await up(file);
    await images.pin(3);
    kept.save();
    await images.pin(4);
    kept.save();
    expect(images.snapshot().override).toMatchObject({ size: 4 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('will not survive a restart');
  });

  it('are written at the next change, the same ones too, once the place can be written', async () => {
    const folder = path.join(path.dirname(temporary()), 'none');
    const file = path.join(folder, 'pools.overrides.json');
    const { images, kept } = await up(file);
    await images.pin(3);
    kept.save();
    mkdirSync(folder);
    kept.save();
    expect(Object.keys(stored(file).overrides)).toEqual(['images']);
  });

  it('are not told to be dropped where the application stops while the sizes follow', async () => {
    const file = temporary();
    const entry = { size: 3, owner: 'ann', reason: 'sale', until: null };
    writeFileSync(file, JSON.stringify({ version: 1, overrides: { images: entry } }));
    const { pool: images } = unstartedFakePool({}, { bootMs: 1_000 });
    const warnings: string[] = [];
    const kept = new KeptOverrides(file, new Map([['images', images]]), (message) => warnings.push(message));
    const restored = kept.restore();
    kept.stop();
    await images.close({ force: true });
    await restored;
    expect(warnings).toEqual([]);
    expect(Object.keys(stored(file).overrides)).toEqual(['images']);
  });
});
