import { readFileSync } from 'node:fs';
import { readImageHeader } from '../images/image-header.js';
import type { Report } from '../reports/report.js';
import type { Answer } from './client.js';

/** What is wrong with an answer, or `null`. */
export type Check = (answer: Answer) => string | null;

export function isThumbnail(type: string, width: number, height: number): Check {
  return ({ status, contentType, body }) => {
    if (status !== 200) return `thumbnail: status ${status}, ${body.toString()}`;
    const header = readImageHeader(body);
    const got = `${contentType}, ${header?.type} of ${header?.width} x ${header?.height}`;
    const wanted = `${type}, ${type} of ${width} x ${height}`;
    return got === wanted ? null : `thumbnail: expected ${wanted}, got ${got}`;
  };
}

/** Compares with figures worked out from the file by other formulas than the service uses. */
export function isReportOf(path: string, wantedStatus: number): Check {
  const [name = '', ...cells] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const wanted = expectedFigures(cells.map(Number));
  return ({ status, body }) => {
    if (status !== wantedStatus) return `report: status ${status}, ${body.toString()}`;
    const report = JSON.parse(body.toString()) as Report;
    const column = report.columns[0];
    if (report.rows !== cells.length || report.columns.length !== 1 || column?.name !== name) {
      return `report: expected ${cells.length} rows of "${name}", got ${report.rows} of "${column?.name}"`;
    }
    for (const [figure, value] of Object.entries(wanted)) {
      const got = column[figure as keyof typeof column] as unknown as number;
      // Written so that NaN and a missing figure are wrong as well.
      const close = Math.abs(got - value) <= 1e-9 * Math.max(1, Math.abs(value));
      if (!close) return `report: ${figure} of "${name}" is ${got}, expected ${value}`;
    }
    return null;
  };
}

/** Overload is told, and is not a reason to send nothing here. */
export const isReady: Check = ({ status, body }) => {
  const isTold = /"status":"(ok|degraded)"/.test(body.toString());
  return status === 200 && isTold ? null : `health: status ${status}, ${body.toString()}`;
};

function expectedFigures(numbers: readonly number[]): Record<string, number> {
  const n = numbers.length;
  const sorted = [...numbers].sort((a, b) => a - b);
  const total = numbers.reduce((sum, value) => sum + value, 0);
  const squares = numbers.reduce((sum, value) => sum + value * value, 0);
  const quantile = (percent: number) => {
    const rank = ((n - 1) * percent) / 100;
    const [low = 0, high = low] = sorted.slice(Math.floor(rank), Math.floor(rank) + 2);
    const share = rank - Math.floor(rank);
    return low * (1 - share) + high * share;
  };
  return {
    count: n,
    missing: 0,
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    mean: total / n,
    standardDeviation: Math.sqrt((squares - (total * total) / n) / (n - 1)),
    median: quantile(50),
    p90: quantile(90),
    p99: quantile(99),
  };
}
