import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const sources = 'lib/admin/ui';
const built = 'dist/bundle/ui';

describe('the page as it is written and built', () => {
  it('makes no markup of text, runs no text, and stores nothing (S: text nodes only)', async () => {
    const files = (await readdir(sources, { recursive: true })).filter((file) => /\.(tsx?|html)$/.test(file));
    expect(files.length).toBeGreaterThan(20);
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|document\.cookie|indexedDB/i;
    for (const file of files) expect(await readFile(path.join(sources, file), 'utf8'), file).not.toMatch(forbidden);
  });

  it('is three files of less than 100 KiB together, compressed', async () => {
    expect((await readdir(built)).sort()).toEqual(['app.css', 'app.js', 'index.html']);
    const sizes = await Promise.all(
      (await readdir(built)).map(async (file) => gzipSync(await readFile(path.join(built, file))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100 * 1024);
  });

  it('has no inline scripts or styles and names no other host', async () => {
    const html = await readFile(path.join(built, 'index.html'), 'utf8');
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script src="ui/app.js" defer>']);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    for (const file of ['index.html', 'app.js', 'app.css']) {
      const text = await readFile(path.join(built, file), 'utf8');
      const hosts = (text.match(/(https?:)?\/\/[a-z0-9-]+\.[a-z]{2,}/gi) ?? []).filter(
        (host) => !/w3\.org|www\.w3/.test(host),
      );
      expect(hosts, file).toEqual([]);
    }
  });
});
