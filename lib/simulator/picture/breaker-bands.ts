import type { BreakerChange } from '../simulation-result.js';
import { element, label, short } from './markup.js';
import { COLOURS, type Panel } from './panel.js';
import type { Scale } from './scales.js';

const LOOKS = {
  open: { fill: COLOURS.late, opacity: 0.07, line: 14 },
  // It is over in a blink, so that a faint one would not be seen.
  'half-open': { fill: COLOURS.breaker, opacity: 0.9, line: 28 },
} as const;

/** The least that a band is wide, pixels. */
const LEAST = 2;

/** Marks on a panel when a circuit breaker was open, and when half-open: the first of each kind by name. */
export function breakerBands(changes: readonly BreakerChange[], durationMs: number, panel: Panel, x: Scale): string {
  const bands = changes.map(({ at, state }, index) => {
    if (state === 'closed') return '';
    const { fill, opacity, line } = LOOKS[state];
    const left = short(x(at));
    const width = short(Math.max(LEAST, x(changes[index + 1]?.at ?? durationMs) - left));
    const band = element('rect', { x: left, y: panel.top, width, height: panel.height, fill, 'fill-opacity': opacity });
    if (changes.findIndex((change) => change.state === state) < index) return band;
    return band + label(left + 5, panel.top + line, `breaker ${state}`, { fill: COLOURS.faint, 'font-size': 11 });
  });
  return bands.join('\n');
}
