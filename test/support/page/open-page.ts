import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page with what must not happen on it. */
export interface OpenPage {
  readonly page: Page;
  /** Dialogs, errors, violations of the Content-Security-Policy, and requests to elsewhere. */
  readonly mishaps: string[];
  close(): Promise<void>;
}

/** Opens the page in a context of its own. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const mishaps: string[] = [];
  page.on('dialog', (dialog) => {
    mishaps.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => mishaps.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) mishaps.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(url).origin) mishaps.push(`request: ${request.url()}`);
  });
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', (event) => console.warn('Content Security Policy: ' + event.violatedDirective));
  `);
  await page.goto(url);
  return { page, mishaps, close: () => context.close() };
}

/** Waits until the expression is true on the page; `waitForFunction` would need `unsafe-eval`. */
export async function untilSo(page: Page, expression: string): Promise<void> {
  const end = Date.now() + 8_000;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > end) throw new Error(`It did not come true within 8 s: ${expression}`);
    await pause(20);
  }
}

/** The text of a figure, once it is there. */
export async function figure(page: Page, pool: string, field: string): Promise<string> {
  return (await inPool(page, pool, field).first().textContent()) ?? '';
}

/** Waits until the figure is that. */
export async function figureIs(page: Page, pool: string, field: string, text: string): Promise<void> {
  await inPool(page, pool, field)
    .and(page.getByText(text, { exact: true }))
    .first()
    .waitFor();
}

function inPool(page: Page, pool: string, field: string) {
  return page.locator(`[data-pool=${JSON.stringify(pool)}] [data-field=${JSON.stringify(field)}]`);
}
