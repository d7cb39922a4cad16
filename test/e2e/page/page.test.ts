import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PoolView } from '../../../lib/core/contract/operation.js';
import { duration } from '../../../lib/admin/ui/format.js';
import { HOSTILE_NAMES } from '../../fixtures/hostile-names.js';
import { findChromium, launchChromium } from '../../support/page/chromium.js';
import { FakeAdmin, type ReceivedRequest } from '../../support/page/fake-admin.js';
import { figure, figureIs, openPage, untilSo, type OpenPage } from '../../support/page/open-page.js';
import { furnish } from '../../support/page/plausible-pools.js';
import { decision, failure, poolView } from '../../support/page/pool-views.js';

const chromiumPath = findChromium();
if (chromiumPath === null)
  console.warn('There is no Chromium on PATH nor at CHROMIUM_PATH: the tests of the page are skipped.');

/** Waits for something outside of the page. */
async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 8_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`It did not come true within 8 s: ${isSo.toString()}`);
    await pause(10);
  }
}

describe.skipIf(chromiumPath === null)('the page (O3, U5, A4, A6)', () => {
  let browser: Browser;
  let admin: FakeAdmin;
  let opened: OpenPage | null = null;

  beforeAll(async () => {
    browser = await launchChromium(chromiumPath!);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    admin = await FakeAdmin.start([poolView('rates', { size: 4, busy: 3, queueDepth: 12 }), poolView('images')]);
  });
  afterEach(async () => {
    await opened?.close();
    opened = null;
    await admin.close();
  });

  const open = async (hash = '', options: Parameters<typeof openPage>[2] = {}) => {
    opened = await openPage(browser, admin.pageUrl + hash, options);
    return opened.page;
  };
  const changes = (): ReceivedRequest[] => admin.received.filter(({ method }) => method !== 'GET');
  const listening = () => until(() => admin.streams > 0);

  it('shows the numbers that the API tells, and follows each snapshot (O3)', async () => {
    const page = await open();
    const view = admin.pools.get('rates')!;
    for (const field of ['size', 'target', 'busy', 'max', 'queueDepth', 'state'] as const) {
      expect(await figure(page, 'rates', field), field).toBe(String(view[field]));
    }
    expect(await figure(page, 'rates', 'p99')).toBe(duration(view.wait.p99));
    expect(await figure(page, 'rates', 'health')).toBe('up');

    await listening();
    const later: Partial<PoolView> = { size: 7, target: 8, busy: 5, queueDepth: 3456, state: 'paused' };
    admin.set({
      ...view,
      ...later,
      at: view.at + 1000,
      health: { pool: 'rates', status: 'degraded', reasons: ['It is slow.'] },
    });
    await figureIs(page, 'rates', 'queueDepth', '3,456');
    expect(await figure(page, 'rates', 'size')).toBe('7');
    expect(await figure(page, 'rates', 'target')).toBe('8');
    expect(await figure(page, 'rates', 'busy')).toBe('5');
    expect(await figure(page, 'rates', 'state')).toBe('paused');
    expect(await figure(page, 'rates', 'health')).toBe('degraded');
    expect(await figure(page, 'rates', 'reasons')).toBe('It is slow.');
    expect(opened!.mishaps).toEqual([]);
  });

  it('sends a resize by click with size, expiry, reason and owner, and shows the pin (A4)', async () => {
    const page = await open('#/pools/rates');
    await page.getByLabel(/^Size \(/).fill('6');
    await page.locator('select[name=for]').selectOption({ label: '30 minutes' });
    await page.getByLabel('Reason').fill('sale on Friday');
    await page.getByLabel('Your name').fill('ana');
    await page.getByRole('button', { name: 'Pin size' }).click();
    await page
      .getByText(/^Pinned at 6 until/)
      .first()
      .waitFor();
    expect(changes()).toMatchObject([
      {
        method: 'PUT',
        path: '/rates/override',
        body: { size: 6, forMs: 1_800_000, reason: 'sale on Friday', owner: 'ana' },
      },
    ]);
    await figureIs(page, 'rates', 'target', '6');
    expect(await figure(page, 'rates', 'override')).toMatch(/^Pinned at 6 by ana until \d\d:\d\d: sale on Friday$/);

    await page.getByRole('button', { name: 'Back to automatic' }).click();
    await page.getByText('Released: the policy decides again.').waitFor();
    expect(changes()[1]).toMatchObject({ method: 'DELETE', path: '/rates/override' });
  });

  it('refuses a size out of bounds by itself, and tells what the server refuses (A4)', async () => {
    const page = await open('#/pools/rates');
    for (const size of ['0', '9', '1.5', '-1', '']) {
      await page.getByLabel(/^Size \(/).fill(size);
      await page.getByText('A whole number from 1 to 8.').waitFor();
      expect(await page.getByRole('button', { name: 'Pin size' }).isDisabled(), size).toBe(true);
    }
    // The bound has fallen meanwhile, and the page has not heard of it.
    admin.pools.set('rates', poolView('rates', { max: 3 }));
    await page.getByLabel(/^Size \(/).fill('8');
    await page.getByRole('button', { name: 'Pin size' }).click();
    await page.getByText('The size of rates is 1 to 3.').waitFor();
  });

  it('asks before a pause and a drain, and does nothing on Cancel', async () => {
    const page = await open('#/pools/rates');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).last().click();
    await press('Pause');
    await press('Cancel');
    await press('Drain');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(changes()).toEqual([]);
    await press('Pause');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await figureIs(page, 'rates', 'state', 'paused');
    await press('Resume');
    await figureIs(page, 'rates', 'state', 'open');
    await press('Drain');
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
    await figureIs(page, 'rates', 'state', 'draining');
    expect(changes().map(({ path }) => path)).toEqual(['/rates/pause', '/rates/resume', '/rates/drain']);
  });

  it('shows a viewer no controls', async () => {
    admin.role = 'viewer';
    furnish(admin);
    const page = await open('#/pools/rates');
    await page.getByText('Viewer').waitFor();
    await page.getByRole('heading', { name: 'Scaling decisions' }).waitFor();
    for (const name of ['Pin size', 'Back to automatic', 'Pause', 'Resume', 'Drain']) {
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
    }
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText(/tasks replayed/).waitFor();
    expect(await page.getByRole('button', { name: 'Apply this policy' }).count()).toBe(0);
  });

  it('says that figures grow old once a token will not do any more, and goes on with one that does', async () => {
    const page = await open();
    const banner = page.locator('[data-field=banner]');
    const useToken = async (token: string) => {
      await page.getByLabel('Bearer token').fill(token);
      await page.getByRole('button', { name: 'Use it' }).click();
    };
    await listening();
    admin.token = 'correct-horse';
    await page.getByRole('button', { name: 'Token' }).click();
    await useToken('wrong');
    await page.getByText('The application did not take this token.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await banner.getByText('The figures below are stale.').waitFor();
    await page.getByText('The application wants another token.').waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    await useToken('correct-horse');
    await page.locator('[data-field=connection]').getByText('Live').waitFor();
    await until(() => admin.streams === 1);

    // The stream breaks, and the token has run out meanwhile.
    admin.token = 'battery-staple';
    admin.cutStreams();
    await useToken('correct-horse');
    await page.getByText('The application did not take this token.').waitFor();
    await useToken('battery-staple');
    await page.locator('[data-field=connection]').getByText('Live').waitFor();

    // Nobody answers when another token is tried.
    admin.goDown();
    await banner.getByText('The figures below are stale.').waitFor();
    await page.getByRole('button', { name: 'Token' }).click();
    await useToken('battery-staple');
    admin.isDown = false;
    await page.locator('[data-field=connection]').getByText('Live').waitFor();
  });

  it('follows the events with another token also where the pools could not be read at once', async () => {
    const page = await open();
    await listening();
    admin.refusal = { status: 500, message: 'It is broken.' };
    await page.getByRole('button', { name: 'Token' }).click();
    await page.getByLabel('Bearer token').fill('any');
    await page.getByRole('button', { name: 'Use it' }).click();
    await until(() => admin.received.filter(({ path }) => path === '/events').length === 2);
    admin.set({ ...admin.pools.get('rates')!, at: Date.now() + 1000, size: 7 });
    await figureIs(page, 'rates', 'size', '7');
  });

  it('asks for a token where the API wants one, and keeps it in memory only', async () => {
    admin.token = 'correct-horse';
    const page = await open();
    const field = page.getByLabel('Bearer token');
    await field.fill('wrong');
    await field.press('Enter');
    await page.getByText('The application did not take this token.').waitFor();
    await field.fill('correct-horse');
    await field.press('Enter');
    await figureIs(page, 'rates', 'size', '4');
    await listening();
    const kept = await page.evaluate(
      `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])`,
    );
    expect(kept).not.toContain('correct-horse');
    expect(admin.received.every(({ path }) => !path.includes('correct-horse'))).toBe(true);
    expect(admin.received.at(-1)?.headers.authorization).toBe('Bearer correct-horse');
    await page.reload();
    await page.getByLabel('Bearer token').waitFor();
  });

  it('shows hostile names of pools, tasks, errors, owners and reasons as text, and none of them runs', async () => {
    expect(new Set(HOSTILE_NAMES).size).toBe(50);
    admin.pools.clear();
    for (const name of HOSTILE_NAMES) {
      admin.pools.set(
        name,
        poolView(name, {
          health: { pool: name, status: 'degraded', reasons: [name] },
          override: { size: 2, owner: name, reason: name, until: null },
          tasks: {
            [name]: { count: 1, failed: 1, inlined: 0, serviceMs: 1, cloneMs: 0, dispatchMs: 0, worthOffloading: null },
          },
          policy: { decider: { type: 'custom', name } } as unknown as PoolView['policy'],
        }),
      );
      admin.decisions.set(name, [decision(name, 1, { reason: name, heldBy: name, signals: { [name]: 1 } })]);
      admin.failures.set(name, [failure(name, name, 3)]);
    }
    const page = await open();
    await page.locator('.card').nth(49).waitFor();
    const titles = await page.locator('.card h2').allTextContents();
    expect(titles.sort()).toEqual([...HOSTILE_NAMES].sort());

    for (const name of HOSTILE_NAMES) {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/pools/${encodeURIComponent(name)}`)}`);
      await untilSo(
        page,
        `document.querySelector('h1')?.textContent === ${JSON.stringify(name)} && document.querySelector('[data-seq]') !== null`,
      );
      const selectors = {
        task: '[data-task] th',
        error: '[aria-labelledby=failing] td.name',
        health: '.reasons li',
        signal: '.inputs div:last-child dt',
        why: '.why',
        override: '[data-field=override]',
      };
      const texts = await page.evaluate(
        `Object.fromEntries(Object.entries(${JSON.stringify(selectors)}).map(([key, each]) => [key, document.querySelector(each)?.textContent]))`,
      );
      expect(texts).toEqual({
        task: name,
        error: name,
        health: name,
        signal: name,
        why: `${name}held by ${name}`,
        override: `Pinned at 2 by ${name} until released: ${name}`,
      });
    }
    expect(await page.evaluate('window.wasExecuted')).toBeUndefined();
    expect(opened!.mishaps).toEqual([]);
  });

  it('says that it is disconnected and how old the figures are, and goes on by itself when the server is back', async () => {
    const page = await open('#/pools/rates');
    await page.getByText('Live', { exact: true }).waitFor();
    await listening();
    await page.getByText('Nothing was decided yet.').waitFor();
    admin.publish('decision', { v: 1, ...decision('rates', 5) });
    await page.locator('[data-seq="5"]').waitFor();
    admin.goDown();
    await page.getByText('Disconnected from the application. The figures below are stale.').waitFor();
    expect(await page.locator('[data-field=stale-age]').textContent()).toMatch(/^As of \d+ s ago/);
    expect(await figure(page, 'rates', 'size')).toBe('4');

    admin.isDown = false;
    // It may be quicker by itself, and the button gone.
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 500 })
      .catch(() => undefined);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.locator('[data-field=banner]').textContent()).toBe('');
    const resumed = admin.received.filter(({ path }) => path === '/events').at(-1);
    expect(resumed?.headers['last-event-id']).toBe('FAKE-1');
  });

  it('reads everything again after a gap', async () => {
    const page = await open();
    await listening();
    admin.pools.set('rates', poolView('rates', { size: 5 }));
    admin.publish('gap', { v: 1, pool: null, at: Date.now(), missed: null });
    await figureIs(page, 'rates', 'size', '5');
  });

  it('opens a pool by its address, shows decisions with their inputs, and goes back (A6)', async () => {
    admin.decisions.set('rates', [
      decision('rates', 7, { from: 3, to: 4, proposed: 6, heldBy: 'cooldown', reason: 'more work came', repeated: 3 }),
    ]);
    const page = await open('#/pools/rates');
    const entry = page.locator('[data-seq="7"]');
    await entry.getByText('3 → 4').waitFor();
    expect(await entry.locator('.why').textContent()).toBe(
      'more work cameheld by cooldown (6 proposed)repeated 3 times',
    );
    await entry.locator('summary').click();
    expect(await entry.locator('.inputs').innerText()).toContain('arrivalsPerSecond40.25');
    expect(await page.title()).toBe('rates · Pools');

    await listening();
    admin.publish('decision', { v: 1, ...decision('rates', 8, { from: 4, to: 5 }) });
    await page.locator('[data-seq="8"]').getByText('4 → 5').waitFor();
    expect(await page.locator('.timeline > li').first().getAttribute('data-seq')).toBe('8');

    await page.getByRole('link', { name: 'Pools' }).click();
    await page.getByRole('heading', { level: 1, name: 'Pools' }).waitFor();
    await page.evaluate(`location.hash = '#/pools/none'`);
    await page.getByText('There is no pool named none.').waitFor();
  });

  it('can be used with the keyboard alone, from the first link to a resize', async () => {
    const page = await open('#/pools/rates');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    for (let i = 0; i < 40 && (await page.evaluate('document.activeElement.name')) !== 'size'; i += 1) {
      await page.keyboard.press('Tab');
    }
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('7');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('by hand');
    await page.keyboard.press('Enter');
    await page
      .getByText(/^Pinned at 7 until/)
      .first()
      .waitFor();
    expect(changes()[0]?.body).toEqual({ size: 7, forMs: 600_000, reason: 'by hand' });
  });

  it('tries another policy on the past, and applies it on request (A5)', async () => {
    furnish(admin);
    const page = await open('#/pools/rates');
    await page.locator('select[name=policy]').selectOption('JSON…');
    await page.getByRole('textbox', { name: 'Policy as JSON' }).fill('{ no');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText(/This is no JSON/).waitFor();
    await page.getByRole('textbox', { name: 'Policy as JSON' }).fill('{ "preset": "latency" }');
    await page.getByLabel(/^Minutes/).fill('3');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const rows = page.locator('[data-field=dry-run] tbody tr');
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual(['Present0.4 %1,28831', 'Proposed0.1 %1,6309']);
    await page.getByRole('button', { name: 'Apply this policy' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The pool goes by this policy now.').waitFor();
    expect(changes().map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: 'POST', path: '/rates/dry-run', body: { policy: { preset: 'latency' }, minutes: 3 } },
      { method: 'PATCH', path: '/rates/policy', body: { preset: 'latency' } },
    ]);
  });

  it('says so while it loads, where there is nothing, and where it fails', async () => {
    let release = () => {};
    admin.hold = new Promise((resolve) => (release = resolve));
    admin.pools.clear();
    const page = await open();
    await page.getByRole('heading', { name: 'Loading' }).waitFor();
    release();
    await page.getByRole('heading', { name: 'No pools' }).waitFor();

    admin.refusal = { status: 500, message: 'The database is on fire.' };
    await page.reload();
    await page.getByText('The database is on fire.').waitFor();
    admin.refusal = null;
    admin.pools.set('images', poolView('images'));
    await page.getByRole('button', { name: 'Try again' }).click();
    await figureIs(page, 'images', 'size', '2');
  });

  it('needs no sideways scrolling at 360 px, long names included', async () => {
    furnish(admin);
    const long = 'a'.repeat(90);
    admin.pools.set(
      long,
      poolView(long, {
        tasks: admin.pools.get('rates')!.tasks,
        override: { size: 2, owner: long, reason: long, until: null },
      }),
    );
    const page = await open('', { viewport: { width: 360, height: 740 } });
    for (const hash of ['#/', '#/pools/rates', `#/pools/${long}`]) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await untilSo(
        page,
        `document.querySelector('h1')?.textContent === ${JSON.stringify(hash === '#/' ? 'Pools' : hash.slice(8))}`,
      );
      expect(await page.evaluate('document.documentElement.scrollWidth'), hash).toBe(360);
    }
  });

  it('follows the colours of the system and can be told otherwise', async () => {
    const page = await open('#/pools/rates', { colorScheme: 'dark' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await ground()).toBe('rgb(15, 19, 24)');
    await page.emulateMedia({ colorScheme: 'light' });
    await untilSo(page, `document.documentElement.dataset.theme === 'light'`);
    expect(await ground()).toBe('rgb(244, 246, 248)');
    await page.getByRole('button', { name: /^Colours: system/ }).click();
    await untilSo(page, `document.documentElement.dataset.theme === 'dark'`);
    expect(await ground()).toBe('rgb(15, 19, 24)');
  });

  it('works with a slash at the end of its address', async () => {
    opened = await openPage(browser, `${admin.pageUrl}/#/pools/rates`);
    await figureIs(opened.page, 'rates', 'size', '4');
  });
});
