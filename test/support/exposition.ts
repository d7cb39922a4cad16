/** One line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly series: readonly Series[];
  /** The series of a name with these labels, others aside. */
  find(name: string, labels?: Record<string, string>): readonly Series[];
  /** The value of the only such series. */
  value(name: string, labels?: Record<string, string>): number;
}

/** Reads the text format of Prometheus, escapes and all; a line that is none of it throws. */
export function parseExposition(text: string): Exposition {
  const [types, helps, series] = [new Map<string, string>(), new Map<string, string>(), [] as Series[]];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const comment = /^# (TYPE|HELP) (\S+) (.*)$/.exec(line);
    if (comment) (comment[1] === 'TYPE' ? types : helps).set(comment[2]!, comment[3]!);
    else if (line !== '' && !line.startsWith('#')) {
      const found = parseSeries(line);
      const key = JSON.stringify([found.name, Object.entries(found.labels).sort()]);
      if (seen.has(key)) throw new Error(`twice in one scrape: ${line}`);
      seen.add(key);
      series.push(found);
    }
  }
  const find = (name: string, labels: Record<string, string> = {}) =>
    series.filter(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    );
  const value = (name: string, labels?: Record<string, string>) => {
    const all = find(name, labels);
    if (all.length !== 1) throw new Error(`${all.length} series ${name} ${JSON.stringify(labels ?? {})}`);
    return all[0]!.value;
  };
  return { types, helps, series, find, value };
}

function parseSeries(line: string): Series {
  const [, name, inner, told] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line) ?? [];
  if (name === undefined) throw new Error(`no line of a scrape: ${JSON.stringify(line)}`);
  const labels: Record<string, string> = {};
  let rest = inner ?? '';
  while (rest !== '') {
    const [all, label, value] = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(?:,|$)/.exec(rest) ?? [];
    if (all === undefined) throw new Error(`no labels: ${JSON.stringify(rest)}`);
    labels[label!] = value!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(all.length);
  }
  return { name, labels, value: told === '+Inf' ? Infinity : Number(told) };
}
