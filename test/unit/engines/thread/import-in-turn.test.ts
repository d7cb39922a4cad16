import { expect, it } from 'vitest';
import { importInTurn } from '../../../../lib/engines/thread/import-in-turn.js';

it('begins the next only when the one before is loaded, and gives what they are in their order (U7)', async () => {
  const story: string[] = [];
  const load = async (name: string) => {
    story.push(`begin ${name}`);
    await Promise.resolve();
    story.push(`end ${name}`);
    return name.toUpperCase();
  };
  expect(await importInTurn(['a', 'b'], load)).toEqual(['A', 'B']);
  expect(story).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

it('begins none after one that fails', async () => {
  const begun: string[] = [];
  const load = async (name: string) => {
    begun.push(name);
    throw new Error(`no ${name}`);
  };
  await expect(importInTurn(['a', 'b'], load)).rejects.toThrow('no a');
  expect(begun).toEqual(['a']);
});
