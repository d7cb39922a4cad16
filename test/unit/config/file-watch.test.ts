import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readContent, readContentSync, type FileContent } from '../../../lib/config/file-content.js';
import { FileWatch } from '../../../lib/config/file-watch.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'watch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a watch tells, one by one. */
function watched(file: string) {
  const told: FileContent[] = [];
  let hear: () => void = () => undefined;
  const watch = new FileWatch(file, (content) => {
    told.push(content);
    hear();
  });
  watch.start(readContentSync(file));
  onTestFinished(() => watch.stop());
  const next = async () => {
    while (told.length === 0) await new Promise<void>((resolve) => (hear = resolve));
    const content = told.shift()!;
    return 'text' in content ? content.text : content.problem;
  };
  return { next, told, watch };
}

describe('a file that is watched (O5)', () => {
  it('in place, by an atomic rename, deleted and made again: tells what it says then', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'pools.yaml');
    writeFileSync(file, 'one');
    const { next, told } = watched(file);
    writeFileSync(file, 'two');
    expect(await next()).toBe('two');
    writeFileSync(`${file}.tmp`, 'three');
    renameSync(`${file}.tmp`, file);
    expect(await next()).toBe('three');
    unlinkSync(file);
    expect(await next()).toBe('there is no such file.');
    writeFileSync(file, 'four');
    expect(await next()).toBe('four');
    expect(told).toEqual([]);
  });

  it('behind the symbolic links of a Kubernetes ConfigMap: tells when ..data is swapped', async () => {
    const folder = temporaryFolder();
    const publish = (version: string, text: string) => {
      mkdirSync(path.join(folder, version));
      writeFileSync(path.join(folder, version, 'pools.yaml'), text);
      symlinkSync(version, path.join(folder, '..data_tmp'));
      renameSync(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
    };
    publish('..2026_01_01', 'one');
    symlinkSync('..data/pools.yaml', path.join(folder, 'pools.yaml'));
    const { next } = watched(path.join(folder, 'pools.yaml'));
    publish('..2026_01_02', 'two');
    expect(await next()).toBe('two');
    rmSync(path.join(folder, '..2026_01_01'), { recursive: true });
    publish('..2026_01_03', 'three');
    expect(await next()).toBe('three');
  });

  it('in a directory that comes later, or is replaced as a whole', async () => {
    const folder = path.join(temporaryFolder(), 'config');
    const file = path.join(folder, 'pools.yaml');
    const { next } = watched(file);
    mkdirSync(folder);
    writeFileSync(file, 'one');
    expect(await next()).toBe('one');
    renameSync(folder, `${folder}.old`);
    mkdirSync(folder);
    writeFileSync(file, 'two');
    expect(await next()).toBe('two');
  });

  it('while it is written in steps: what stands there in between is not told', async () => {
    const file = path.join(temporaryFolder(), 'pools.yaml');
    writeFileSync(file, 'old');
    const { next, told } = watched(file);
    let text = '';
    writeFileSync(file, '');
    for (let step = 0; step < 12; step++) {
      text += `${step}\n`;
      writeFileSync(file, text);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect(await next()).toBe(text);
    expect(told).toEqual([]);
  });

  it('is told no more after the end, and holds no process open', async () => {
    const file = path.join(temporaryFolder(), 'pools.yaml');
    writeFileSync(file, 'one');
    const { watch, told } = watched(file);
    writeFileSync(file, 'two');
    watch.stop();
    const other = watched(file);
    writeFileSync(file, 'three');
    expect(await other.next()).toBe('three');
    expect(told).toEqual([]);
  });
});

describe('what a file contains', () => {
  it('is told, or why it cannot be read', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.yaml');
    const read = async (what: string | Buffer) => {
      writeFileSync(file, what);
      expect(await readContent(file)).toEqual(readContentSync(file));
      return readContentSync(file);
    };
    expect(await read('\uFEFFpools: {}')).toEqual({ text: 'pools: {}' });
    expect(await read(Buffer.from([0x70, 0xff, 0xfe]))).toMatchObject({
      problem: expect.stringContaining('not UTF-8'),
    });
    expect(await read('x'.repeat(2 ** 20 + 1))).toMatchObject({
      problem: 'the file has 1,048,577 bytes, but at most 1 MiB is read.',
    });
    expect(readContentSync(folder)).toMatchObject({ problem: expect.stringContaining('no file') });
    expect(readContentSync('/dev/zero')).toMatchObject({ problem: expect.stringContaining('no file') });
  });
});
