import { DEFAULT_OBJECTIVE_MS } from '../core/scaling/policy-context.js';
import { rejectUnknownKeys, requireDuration } from '../core/validate.js';
import { breakerBands } from './picture/breaker-bands.js';
import { legend } from './picture/legend.js';
import { element, escaped, label } from './picture/markup.js';
import { COLOURS, panelFrame, type Panel } from './picture/panel.js';
import { area, line, stairs, strokes, triangles } from './picture/paths.js';
import { clockValues, linear, logarithmic, powersOfTen, roundValues, type Scale } from './picture/scales.js';
import { loadSeries, thinned, waitSeries } from './picture/series.js';
import type { SimulationResult } from './simulation-result.js';
import type { Workload } from './workload.js';

export interface PictureOptions {
  /** Default: the workload's name. */
  readonly title?: string;
  /** Drawn as a line among the waits, milliseconds. Default 100. */
  readonly objectiveMs?: number;
}

const [WIDTH, HEIGHT, LEFT, CHART] = [1_200, 700, 84, 1_092];
const PANELS = {
  load: { top: 92, height: 130, left: LEFT, width: CHART },
  size: { top: 246, height: 190, left: LEFT, width: CHART },
  wait: { top: 492, height: 140, left: LEFT, width: CHART },
} satisfies Record<string, Panel>;
/** Marks of decisions, between the sizes and the waits. */
const MARKS = { grew: 451, shrank: 459, held: 474 };
/** Steps in time: one for about two pixels. */
const MOST_STEPS = 550;

/**
 * Draws a run as an SVG: arrivals, size and target with the decisions below, and waits with the objective; behind the
 * sizes when a circuit breaker was open (red) and half-open (orange), where there is one. It has a ground of its own, so
 * that it can be read on light and dark pages; an hour takes less than 150 KB.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function picture(workload: Workload, result: SimulationResult, options: PictureOptions = {}): string {
  rejectUnknownKeys('picture', options, ['title', 'objectiveMs']);
  const { title = workload.name } = options;
  const objectiveMs = requireDuration({ option: 'picture.objectiveMs' }, options.objectiveMs ?? DEFAULT_OBJECTIVE_MS);
  const x = linear(0, workload.durationMs, LEFT, LEFT + CHART);
  const parts = [
    element('title', {}, escaped(title)),
    element('rect', { width: WIDTH, height: HEIGHT, rx: 8, fill: COLOURS.ground, stroke: COLOURS.frame }),
    label(24, 34, title.length > 90 ? `${title.slice(0, 90)}…` : title, { 'font-size': 20, 'font-weight': 600 }),
    label(24, 56, summary(workload, result, objectiveMs), { 'font-size': 13, fill: COLOURS.faint }),
    legend(24, 78, objectiveMs),
    timeAxis(workload, x),
    loadPanel(workload, x),
    breakerBands(result.breaker, workload.durationMs, PANELS.size, x),
    sizePanel(workload, result, x),
    marks(result, x),
    waitPanel(workload, result, x, objectiveMs),
  ];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'font-family': 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif',
    'font-size': 12,
    fill: COLOURS.ink,
  };
  return `${element('svg', root, `\n${parts.join('\n')}\n`)}\n`;
}

function summary({ durationMs }: Workload, result: SimulationResult, objectiveMs: number): string {
  const { tasks, missPct, workerMs, resizesPerHour, reversalsPerHour } = result;
  return [
    `${tasks.toLocaleString('en-US')} tasks`,
    `${Number(missPct.toPrecision(3))} % missed ${objectiveMs} ms`,
    `${Number((workerMs / durationMs).toPrecision(3))} workers on average`,
    `${Math.round(resizesPerHour)} resizes and ${Math.round(reversalsPerHour)} reversals an hour`,
  ].join('  ·  ');
}

function timeAxis({ durationMs }: Workload, x: Scale): string {
  const { unit, values } = clockValues(durationMs);
  const bottom = PANELS.wait.top + PANELS.wait.height;
  const lines = Object.values(PANELS).flatMap(({ top, height }) =>
    values.map(([at]) => `M${x(at).toFixed(1)} ${top}v${height}`),
  );
  return [
    element('path', { d: lines.join(''), stroke: COLOURS.grid, fill: 'none' }),
    ...values.map(([at, told]) => label(x(at), bottom + 18, told, { 'text-anchor': 'middle', fill: COLOURS.faint })),
    label(LEFT + CHART / 2, bottom + 40, `time, ${unit}`, { 'text-anchor': 'middle' }),
  ].join('\n');
}

function loadPanel(workload: Workload, x: Scale): string {
  const series = loadSeries(workload, MOST_STEPS);
  const values = roundValues(Math.max(1, ...series.values), 4);
  const { top, height } = PANELS.load;
  const y = linear(0, values.at(-1)!, top + height, top);
  return [
    panelFrame(PANELS.load, 'load, tasks/s', values, y),
    element('path', { d: area(series, x, y, top + height), fill: COLOURS.load, 'fill-opacity': 0.25 }),
    element('path', { d: line(series, x, y), fill: 'none', stroke: COLOURS.load, 'stroke-width': 1.2 }),
  ].join('\n');
}

function sizePanel({ durationMs }: Workload, { sizes }: SimulationResult, x: Scale): string {
  const of = (key: 'size' | 'target') =>
    thinned(
      sizes.map((change) => ({ at: change.at, value: change[key] })),
      durationMs,
      MOST_STEPS,
    );
  const values = roundValues(
    sizes.reduce((most, { size, target }) => Math.max(most, size, target), 4),
    5,
  );
  const { top, height } = PANELS.size;
  const y = linear(0, values.at(-1)!, top + height, top);
  const size = stairs(of('size'), durationMs, x, y);
  return [
    panelFrame(PANELS.size, 'workers', values, y),
    element('path', { d: `${size}V${top + height}H${LEFT}Z`, fill: COLOURS.size, 'fill-opacity': 0.12 }),
    element('path', {
      d: stairs(of('target'), durationMs, x, y),
      fill: 'none',
      stroke: COLOURS.target,
      'stroke-width': 2,
      'stroke-dasharray': '4 3',
    }),
    element('path', { d: size, fill: 'none', stroke: COLOURS.size, 'stroke-width': 1.3, 'stroke-opacity': 0.85 }),
  ].join('\n');
}

function marks({ resizes, decisions }: SimulationResult, x: Scale): string {
  const times = (isUp: boolean) => resizes.filter(({ from, to }) => to > from === isUp).map(({ at }) => at);
  const held = decisions.filter(({ heldBy }) => heldBy !== null).map(({ at }) => at);
  return [
    element('path', { d: triangles(times(true), x, MARKS.grew, true), fill: COLOURS.up }),
    element('path', { d: triangles(times(false), x, MARKS.shrank, false), fill: COLOURS.down }),
    element('path', { d: strokes(held, x, MARKS.held), stroke: COLOURS.faint, fill: 'none' }),
    label(LEFT - 8, MARKS.shrank, 'resizes', { 'text-anchor': 'end', fill: COLOURS.faint, 'font-size': 11 }),
    label(LEFT - 8, MARKS.held + 4, 'held', { 'text-anchor': 'end', fill: COLOURS.faint, 'font-size': 11 }),
  ].join('\n');
}

function waitPanel(workload: Workload, result: SimulationResult, x: Scale, objectiveMs: number): string {
  const series = waitSeries(workload, result, MOST_STEPS);
  const values = powersOfTen(Math.max(objectiveMs * 2, ...series.values));
  const { top, height } = PANELS.wait;
  const y = logarithmic(1, values.at(-1)!, top + height, top);
  const above = { ...series, values: series.values.map((value) => Math.max(value, objectiveMs)) };
  const objective = y(objectiveMs).toFixed(1);
  return [
    panelFrame(PANELS.wait, 'wait p99, ms (log)', values, y),
    element('path', { d: area(series, x, y, top + height), fill: COLOURS.wait, 'fill-opacity': 0.15 }),
    element('path', { d: line(series, x, y), fill: 'none', stroke: COLOURS.wait, 'stroke-width': 1.1 }),
    element('path', { d: area(above, x, y, y(objectiveMs)), fill: COLOURS.late, 'fill-opacity': 0.75 }),
    element('path', {
      d: `M${LEFT} ${objective}h${CHART}`,
      stroke: COLOURS.late,
      'stroke-dasharray': '6 4',
      fill: 'none',
    }),
  ].join('\n');
}
