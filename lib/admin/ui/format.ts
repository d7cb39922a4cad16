/** How figures are written. Everything is text for people: no markup, English, 24 hours. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const shortClock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

const DAY_MS = 86_400_000;

/** `12,345` */
export function count(value: number): string {
  return whole.format(value);
}

/** `3.4`, and no digit after the point from 100 on. */
export function rate(value: number): string {
  return Math.abs(value) >= 100 ? whole.format(value) : oneDigit.format(value);
}

/** `63 %` of a share 0..1. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.05) return '< 0.1 %';
  return `${value > 0 && value < 10 ? oneDigit.format(value) : whole.format(value)} %`;
}

/** A duration: `0.4 ms`, `38 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 0.05) return '0 ms';
  if (ms < 10) return `${oneDigit.format(ms)} ms`;
  if (ms < 999.5) return `${whole.format(ms)} ms`;
  if (ms < 59_950) return `${oneDigit.format(ms / 1000)} s`;
  return age(ms);
}

/** The same in whole seconds and above: `0 s`, `12 s`, `3 min 20 s`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min');
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** `14:05:09` */
export function timeOfDay(at: number): string {
  return clock.format(at);
}

/** `14:05`, with the day where it is further off than half a day. */
export function moment(at: number, now: number): string {
  return (Math.abs(at - now) < DAY_MS / 2 ? shortClock : dayAndClock).format(at);
}

/** `38.2 MB` */
export function megabytes(mb: number): string {
  return `${rate(mb)} MB`;
}

/** A value of a signal, which may be of any size. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return whole.format(value);
  const digits = Math.abs(value) >= 100 ? 1 : 4;
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 4 + (digits === 1 ? 2 : 0) }).format(value);
}

/** `1 worker`, `2 workers` */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}

function join(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}
