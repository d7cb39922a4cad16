import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cases } from '../../bench/optimisations/optimisations.js';

describe('docs/optimisations.md', () => {
  const text = readFileSync('docs/optimisations.md', 'utf8');

  it('answers each of the fifteen entries (L6)', () => {
    const answered = [...text.matchAll(/^## (O\d+) /gm)].map(([, id]) => id);
    expect(answered).toEqual(Array.from({ length: 15 }, (_, i) => `O${i + 1}`));
  });

  it('has a benchmark for every answer', () => {
    const listed = [...text.matchAll(/^\| \[?([ON]\d+)(?:\]| \|)/gm)].map(([, id]) => id);
    expect(cases.map((each) => each.id)).toEqual(listed.filter((id, index) => listed.indexOf(id) === index));
  });
});
