import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Everything that importing a built file imports, dynamic imports left out. */
function staticImports(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const source = readFileSync(file, 'utf8');
  for (const [, specifier] of source.matchAll(/^(?:import|export)\b[^;]*?['"]([^'"]+)['"];/gm)) {
    if (specifier!.startsWith('.')) staticImports(new URL(specifier!, file), seen);
    else seen.add(specifier!);
  }
  return seen;
}

test.each(['index.js', 'entries/worker.js', 'nest/worker/nest-entry.js', 'nest/worker/boot-plain-classes.js'])(
  'importing %s does not load @nestjs/core: workers of classes without dependencies do without it',
  (file) => {
    const imports = staticImports(new URL(`../../../lib/${file}`, import.meta.url));
    expect([...imports].filter((name) => name.startsWith('@nestjs/core'))).toEqual([]);
    expect(imports.size).toBeGreaterThan(2);
  },
);

test('importing entries/prometheus.js loads no metrics library: workers import it as well, and do without (O1)', () => {
  const imports = staticImports(new URL('../../../lib/entries/prometheus.js', import.meta.url));
  expect([...imports].filter((name) => /prom|^@nestjs\/core/.test(name) && !name.startsWith('file:'))).toEqual([]);
});

test.each(['index.js', 'entries/core.js', 'entries/worker.js'])(
  'importing %s loads neither nestjs-cls nor OpenTelemetry: each has an entry of its own (U8)',
  (file) => {
    const imports = staticImports(new URL(`../../../lib/${file}`, import.meta.url));
    expect([...imports].filter((name) => /^(nestjs-cls|@opentelemetry)/.test(name))).toEqual([]);
    const types = readFileSync(new URL(`../../../lib/${file.replace('.js', '.d.ts')}`, import.meta.url), 'utf8');
    expect(types).not.toMatch(/nestjs-cls|opentelemetry/i);
  },
);
