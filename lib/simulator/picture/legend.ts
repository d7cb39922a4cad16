import { element, label } from './markup.js';
import { COLOURS } from './panel.js';

/** What the lines and marks are, in one row. */
export function legend(x: number, y: number, objectiveMs: number): string {
  const dashed = { 'stroke-dasharray': '4 3' };
  const entries: readonly [name: string, sample: (at: number) => string][] = [
    ['arrivals', swatch(COLOURS.load)],
    ['size (starting and live)', swatch(COLOURS.size)],
    ['target', stroke(COLOURS.target, dashed)],
    ['grown', (at) => element('path', { d: `M${at + 8} ${y - 1}l4 -7 4 7z`, fill: COLOURS.up })],
    ['shrunk', (at) => element('path', { d: `M${at + 8} ${y - 8}l4 7 4 -7z`, fill: COLOURS.down })],
    ['held by a guard', (at) => element('path', { d: `M${at + 12} ${y - 8}v7`, stroke: COLOURS.faint })],
    ['wait, 99th percentile', swatch(COLOURS.wait)],
    ['late', swatch(COLOURS.late)],
    [`objective, ${objectiveMs} ms`, stroke(COLOURS.late, { 'stroke-dasharray': '6 4' })],
  ];
  let at = x;
  const parts: string[] = [];
  for (const [name, sample] of entries) {
    parts.push(sample(at), label(at + 26, y, name));
    at += 26 + name.length * 6.6 + 16;
  }
  return parts.join('\n');

  function swatch(colour: string): (at: number) => string {
    return (at) => element('rect', { x: at + 4, y: y - 9, width: 16, height: 9, fill: colour, 'fill-opacity': 0.75 });
  }

  function stroke(colour: string, more: Readonly<Record<string, string>>): (at: number) => string {
    return (at) => element('path', { d: `M${at + 2} ${y - 4}h20`, stroke: colour, 'stroke-width': 1.4, ...more });
  }
}
