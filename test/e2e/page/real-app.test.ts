import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { PoolView } from '../../../lib/core/contract/operation.js';
import { HOSTILE_NAMES } from '../../fixtures/hostile-names.js';
import {
  ADAPTERS,
  roleOf,
  slots,
  startAdmin,
  TokenGuard,
  type Admin,
  type Pools,
} from '../../integration/admin/support.js';
import { findChromium, launchChromium } from '../../support/page/chromium.js';
import { figure, figureIs, openPage, type OpenPage } from '../../support/page/open-page.js';

const chromiumPath = findChromium();

/** Tasks that run until `open` is called. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, tasks: { hold: () => opened, 'fail <b>here</b>': () => Promise.reject(new RangeError('secret')) } };
}

describe.skipIf(chromiumPath === null)('the page of a real application', () => {
  let browser: Browser;
  let opened: OpenPage | null = null;

  beforeAll(async () => {
    browser = await launchChromium(chromiumPath!);
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await opened?.close();
    opened = null;
  });

  const open = async ({ port }: Admin, path: string, token: string | null) => {
    opened = await openPage(browser, `http://127.0.0.1:${port}${path}`);
    const { page } = opened;
    if (token !== null) {
      await page.getByLabel('Bearer token').fill(token);
      await page.keyboard.press('Enter');
    }
    return page;
  };

  describe.each(ADAPTERS)('on %s', (adapter) => {
    it('shows the numbers of the API, under a prefix as well, and its resize arrives (O3, A4)', async () => {
      const { open: release, tasks } = gate();
      const pools: Pools = { images: slots({ tasks, size: { min: 1, max: 8, initial: 2 } }) };
      const admin = await startAdmin(adapter, {
        pools,
        admin: { guards: [TokenGuard], role: roleOf },
        before: (app) => void app.setGlobalPrefix('api'),
      });
      const images = admin.pools.get('images');
      await images.run('fail <b>here</b>').catch(() => undefined);
      const running = Promise.all(Array.from({ length: 5 }, () => images.run('hold')));
      // Before the application closes, whatever became of the test.
      onTestFinished(release);

      const page = await open(admin, '/api/pools/ui#/pools/images', 'operator-token');
      await figureIs(page, 'images', 'busy', '2');
      const { json } = await admin.ask('GET /api/pools/images', { token: 'operator' });
      const view = json as PoolView;
      for (const field of ['size', 'target', 'busy', 'max', 'min', 'queueDepth', 'state'] as const) {
        expect(await figure(page, 'images', field), field).toBe(String(view[field]));
      }
      for (const field of ['submitted', 'completed', 'failed'] as const) {
        expect(await figure(page, 'images', field), field).toBe(String(view.counters[field]));
      }
      await page.getByRole('cell', { name: 'RangeError' }).waitFor();
      expect(await page.locator('[aria-labelledby=failing] th.name').first().textContent()).toBe('fail <b>here</b>');
      expect(await page.locator('body').textContent()).not.toContain('secret');

      await page.getByLabel(/^Size \(/).fill('5');
      await page.getByLabel('Reason').fill('sale');
      await page.getByLabel('Your name').fill('ana');
      await page.getByRole('button', { name: 'Pin size' }).click();
      await page
        .getByText(/^Pinned at 5 until/)
        .first()
        .waitFor();
      expect(admin.pools.snapshot('images').override).toMatchObject({ size: 5, owner: 'ana', reason: 'sale' });
      await figureIs(page, 'images', 'busy', '5');
      release();
      await running;
      await figureIs(page, 'images', 'busy', '0');
      expect(opened!.mishaps).toEqual([]);
    });
  });

  it('shows the decisions that the API tells, and another policy on the past or why not (A5, A6)', async () => {
    const admin = await startAdmin('express', { pools: { rates: slots({ scaling: 'adaptive' }) } });
    const rates = admin.pools.get('rates');
    await Promise.all(Array.from({ length: 30 }, () => rates.run('nap', [5])));
    const page = await open(admin, '/pools/ui#/pools/rates', 'viewer-token');
    await page.locator('[data-seq]').first().waitFor();
    const { json } = await admin.ask('GET /pools/rates/decisions?limit=200', { token: 'viewer' });
    for (const { seq, reason } of json as { seq: number; reason: string }[]) {
      await page.locator(`[data-seq="${seq}"] .why`).getByText(reason).waitFor();
    }
    expect(await page.getByRole('button', { name: 'Pin size' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.error[data-field=dry-run-message]').getByText(/./).waitFor();
    expect(opened!.mishaps).toEqual([]);
  });

  it("needs no token on a machine of one's own, and asks for another one where it may not look", async () => {
    const own = await startAdmin('express', { admin: { allowUnguarded: true } });
    await figureIs(await open(own, '/pools/ui', null), 'images', 'state', 'open');
    await opened!.page.getByText('Operator').waitFor();
    await opened!.close();
    const page = await open(await startAdmin('express'), '/pools/ui', 'nobody-token');
    await page.getByText('This token may not look at the pools.').waitFor();
  });

  it('survives a restart of the application: stale, then live again', async () => {
    const first = await startAdmin('express');
    const page = await open(first, '/pools/ui', 'viewer-token');
    await page.getByText('Live', { exact: true }).waitFor();
    await first.app.close();
    await page.getByText(/^Disconnected from the application/).waitFor();
    expect(await figure(page, 'images', 'state')).toBe('open');

    const second = await startAdmin('express', {
      pools: { images: slots({ size: { min: 3, max: 8 } }) },
      port: first.port,
    });
    expect(second.port).toBe(first.port);
    await figureIs(page, 'images', 'size', '3');
    expect(await page.locator('[data-field=banner]').textContent()).toBe('');
  });

  it('shows 50 hostile names of pools as text', async () => {
    const pools = Object.fromEntries(HOSTILE_NAMES.map((name) => [name, slots()]));
    const admin = await startAdmin('express', {
      pools,
      admin: { guards: [TokenGuard], role: roleOf, rateLimit: false },
    });
    const page = await open(admin, '/pools/ui', 'viewer-token');
    await page.locator('.card').nth(49).waitFor();
    expect((await page.locator('.card h2').allTextContents()).sort()).toEqual([...HOSTILE_NAMES].sort());
    for (const name of HOSTILE_NAMES.slice(0, 5)) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
      await page.getByText('Nothing was decided yet.').waitFor();
      await page.goBack();
    }
    expect(await page.evaluate('window.wasExecuted')).toBeUndefined();
    expect(opened!.mishaps).toEqual([]);
  });
});
