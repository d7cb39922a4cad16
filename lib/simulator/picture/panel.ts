import { element, label, short } from './markup.js';
import type { Scale } from './scales.js';

/** Colours that differ for the colour-blind too (M. Okabe and K. Ito, 2008), on a light ground of the picture's own. */
export const COLOURS = {
  ground: '#ffffff',
  frame: '#d0d4da',
  grid: '#e8eaee',
  ink: '#1f2430',
  faint: '#5b6472',
  load: '#7a8594',
  size: '#0072b2',
  target: '#b35a00',
  wait: '#007d5f',
  late: '#c1121f',
  breaker: '#e69f00',
  up: '#0072b2',
  down: '#b35a00',
} as const;

/** One of the charts, which share the time. Pixels. */
export interface Panel {
  readonly top: number;
  readonly height: number;
  readonly left: number;
  readonly width: number;
}

/** The frame, the name of the axis with its unit, and lines across at these values. */
export function panelFrame(panel: Panel, name: string, values: readonly number[], y: Scale): string {
  const { top, height, left, width } = panel;
  const middle = short(top + height / 2);
  const lines = values.map((value) => `M${left} ${short(y(value))}h${width}`).join('');
  return [
    element('path', { d: lines, stroke: COLOURS.grid, fill: 'none' }),
    element('rect', { x: left, y: top, width, height, fill: 'none', stroke: COLOURS.frame }),
    ...values.map((value) =>
      label(left - 8, y(value) + 4, value.toLocaleString('en-US'), { 'text-anchor': 'end', fill: COLOURS.faint }),
    ),
    label(22, middle, name, {
      'text-anchor': 'middle',
      transform: `rotate(-90 22 ${middle})`,
      fill: COLOURS.ink,
    }),
  ].join('\n');
}
