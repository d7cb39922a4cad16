/** A duration as people write it, and `readDurationMs` reads it: `0ms`, `1.5ms`, `120ms`, `2.5s`, `42s`, `10m`, `1h30m`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 999.5) return `${short(ms)}ms`;
  if (ms < 59_500) return `${short(ms / 1_000)}s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes >= 60) return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  const seconds = Math.floor((ms % 60_000) / 1_000);
  return ms < 60_000 ? '1m' : parts(minutes, 'm', seconds, 's');
}

/** How long until then, in full seconds and rounded up: ten minutes that began a moment ago are still `10m`. */
export function left(until: number, now: number): string {
  return duration(Math.ceil(Math.max(0, until - now) / 1_000) * 1_000);
}

/** A number in as few digits as tell it: `0`, `0.25`, `4.2`, `41`, `12,345`; what was no number in JSON is a dash. */
export function quantity(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
}

/** A share of 1: `12 %`. */
export function percent(share: number): string {
  return `${quantity(share * 100)} %`;
}

/** `1 worker`, `4 workers`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${quantity(amount)} ${amount === 1 ? one : many}`;
}

/** The time of day here; with the date where that is not the day of `now`. Milliseconds since the epoch. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** How long ago: `just now`, `12s ago`. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  return passed < 1_000 ? 'just now' : `${duration(Math.floor(passed / 1_000) * 1_000)} ago`;
}

function short(value: number): string {
  return String(value < 10 ? Number(value.toFixed(1)) : Math.round(value));
}

function parts(first: number, unit: string, second: number, smaller: string): string {
  return `${first}${unit}${second === 0 ? '' : `${second}${smaller}`}`;
}
