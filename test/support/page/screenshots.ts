import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, launchChromium } from './chromium.js';
import { FakeAdmin } from './fake-admin.js';
import { furnish } from './plausible-pools.js';
import { sampleUnderLoad, type Subject } from './sample-under-load.js';

// Makes docs/pictures/page-*.png: `npm run screenshots [seconds of load]`.
const OUT = 'docs/pictures';
const MOST_BYTES = 150 * 1024;
const DESK = { width: 1180, height: 780 };

async function main(): Promise<void> {
  const chromium = findChromium();
  if (chromium === null) throw new Error('There is no Chromium on PATH. Install it, or name it in CHROMIUM_PATH.');
  const seconds = Number(process.argv[2] ?? 90);
  const subject = (await sampleUnderLoad()) ?? (await plausible());
  const browser = await launchChromium(chromium);
  await mkdir(OUT, { recursive: true });
  try {
    await takeAll(browser, subject, seconds);
  } finally {
    await browser.close();
  }
  console.log(`Made of ${subject.name}.`);
}

async function takeAll(browser: Browser, subject: Subject, seconds: number): Promise<void> {
  const open = (hash: string, options?: BrowserContextOptions) => openAt(browser, subject, hash, options);
  const overview = await open('#/', { viewport: { width: 1200, height: 520 } });
  await pause(20_000);
  await take(overview, 'idle');

  await subject.load(seconds);
  const page = await open('#/pools/rates');
  await showLoad(page);
  await page.locator('.decision summary').first().click();
  await take(page, 'load');

  const dark = await open('#/pools/rates', { colorScheme: 'dark' });
  await showLoad(dark);
  await take(dark, 'dark');
  const phone = await open('#/pools/rates', { viewport: { width: 390, height: 844 } });
  await showLoad(phone);
  await take(phone, 'phone');

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused: calls queue.').waitFor();
  await pause(4000);
  await take(page, 'paused');
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByText('Resumed: tasks start again.').waitFor();

  await subject.close();
  await overview.getByText(/^Disconnected from/).waitFor();
  await pause(3000);
  await take(overview, 'disconnected');
}

async function openAt(browser: Browser, { pageUrl, token }: Subject, hash: string, options?: BrowserContextOptions) {
  const context = await browser.newContext({ viewport: DESK, deviceScaleFactor: 1, ...options });
  const page = await context.newPage();
  await page.goto(pageUrl + hash);
  if (token !== null) {
    await page.getByLabel('Bearer token').fill(token);
    await page.keyboard.press('Enter');
  }
  await page.locator('[data-pool]').first().waitFor();
  return page;
}

/** The last two minutes, drawn. */
async function showLoad(page: Page): Promise<void> {
  await page.locator('[data-seq]').first().waitFor();
  await page.getByRole('button', { name: '2 min', exact: true }).click();
  await page.mouse.move(0, 0);
  await pause(1500);
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  await pause(300);
  const file = path.join(OUT, `page-${name}.png`);
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  console.log(`${file}: ${Math.round(size / 1024)} KiB`);
  if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES / 1024} KiB.`);
}

/** Where the sample application has no page. */
async function plausible(): Promise<Subject> {
  const admin = await FakeAdmin.start();
  furnish(admin);
  return {
    name: 'made-up figures: the sample application has no page',
    pageUrl: admin.pageUrl,
    token: null,
    load: () => Promise.resolve(),
    close: () => admin.close(),
  };
}

await main();
