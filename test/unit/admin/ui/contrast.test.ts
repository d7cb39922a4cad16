import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('lib/admin/ui/styles/theme.css', 'utf8');

/** Text and what it stands on. */
const PAIRS = [
  ...['text', 'muted', 'accent', 'good', 'bad'].flatMap((text) => [
    [text, 'surface'] as const,
    [text, 'ground'] as const,
  ]),
  ['text', 'sunken'],
  ['muted', 'sunken'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['good', 'good-ground'],
  ['warn', 'warn-ground'],
  ['bad', 'bad-ground'],
  ['accent', 'calm-ground'],
  ['text', 'calm-ground'],
  ['text', 'warn-ground'],
] as const;

/** Lines of plots and borders of controls: 3:1. */
const SHAPES = ['size', 'target', 'busy', 'arrivals', 'queue', 'objective'].map((name) => `line-${name}`);

function colorsOf(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0]!;
  return new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]));
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const channel = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each([':root', ":root[data-theme='dark']"])('the colours of %s', (selector) => {
  const colors = colorsOf(selector);

  it.each(PAIRS)('let %s be read on %s (WCAG AA)', (text, ground) => {
    expect(contrast(colors.get(text)!, colors.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...SHAPES, 'border-strong'])('let %s be seen', (shape) => {
    expect(contrast(colors.get(shape)!, colors.get('surface')!)).toBeGreaterThanOrEqual(3);
  });
});
