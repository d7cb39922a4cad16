// Packs the library for publishing: few files instead of a hundred. Each worker thread loads the library again, and
// resolving small modules one by one takes a thread longer than running them. The places of the entries matter: a
// thread's entry is found relative to the module that starts it, and all shared chunks stand at the top.
import { chmod, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

const outDir = 'dist/bundle';
const input = {
  index: 'dist/lib/index.js',
  core: 'dist/lib/entries/core.js',
  worker: 'dist/lib/entries/worker.js',
  simulator: 'dist/lib/entries/simulator.js',
  admin: 'dist/lib/entries/admin.js',
  prometheus: 'dist/lib/entries/prometheus.js',
  terminus: 'dist/lib/entries/terminus.js',
  cls: 'dist/lib/entries/cls.js',
  opentelemetry: 'dist/lib/entries/opentelemetry.js',
  testing: 'dist/lib/entries/testing.js',
  'thread/worker/module-entry': 'dist/lib/engines/thread/worker/module-entry.js',
  'worker/dry-run-entry': 'dist/lib/admin/dry-run/worker/dry-run-entry.js',
  // What is loaded on demand, under names that stay (lib/core/own-module.ts).
  'build-runtime-module': 'dist/lib/nest/build-runtime-module.js',
  'open-configuration': 'dist/lib/nest/open-configuration.js',
  'build-routes-module': 'dist/lib/admin/http/build-routes-module.js',
  'build-metrics-module': 'dist/lib/observe/metrics/build-metrics-module.js',
  'typescript/source-entry': 'dist/lib/engines/typescript/source-entry.js',
  'typescript/esm-loader-hooks': 'dist/lib/engines/typescript/esm-loader-hooks.js',
  'worker/nest-entry': 'dist/lib/nest/worker/nest-entry.js',
};

/** The files that loading this one loads at once, itself included; not what it imports later on, by `import()`. */
async function loadedBy(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const statements = (await readFile(file, 'utf8')).matchAll(
    /^(?:import|export)\b[^;]*?(?:from )?['"](\.[^'"]+)['"];/gm,
  );
  for (const [, specifier] of statements) await loadedBy(path.resolve(path.dirname(file), specifier), found);
  return found;
}

const [coreFiles, rootFiles] = await Promise.all([input.core, input.index].map((file) => loadedBy(path.resolve(file))));
const bundle = await rolldown({ input, platform: 'node', external: /^[^./]/ });
// One chunk for each of what every thread loads, what every thread with Nest classes loads besides, and what comes along
// with it: a class in a thread imports the decorators from `nestjs-dynamic-pool`, all of it, or a task module from `/core`.
const groups = [
  {
    name: 'thread',
    test: /\/lib\/(engines\/thread\/(worker\/(?!module-entry|unpack)|wire|protocol|compile-cache|shared-layout|module-tasks|load-file|import-failure)|engines\/typescript\/source-files|engines\/(streams\/|worker-mark|task-context|context\/(?!capture))|core\/(engine|errors|validate|named-carriers|own-module))/,
  },
  {
    name: 'nest-thread',
    test: /\/lib\/nest\/(worker\/(boot-plan|boot-plain|load-|needs-|bind-)|pooled-methods|pool-worker-metadata|load-errors)/,
  },
  { name: 'core', test: (id) => coreFiles.has(id) },
  { name: 'nest', test: (id) => rootFiles.has(id) },
  {
    name: 'nest-injector',
    test: /\/lib\/nest\/(provided-(classes|context)|worker\/(boot-generated|boot-worker|exported|injected|missing|provided-carriers|worker-context))/,
  },
];

await rm(outDir, { recursive: true, force: true });
await bundle.write({
  dir: outDir,
  format: 'esm',
  sourcemap: true,
  chunkFileNames: 'chunk-[name]-[hash].js',
  codeSplitting: { groups },
});
await bundle.close();

// Errors go by the names of their classes. rolldown writes `var X = class`, a name that no minifier of an application's
// bundle keeps, although it be told to keep those of classes.
for (const file of await readdir(outDir, { recursive: true })) {
  if (!file.endsWith('.js')) continue;
  const code = await readFile(`${outDir}/${file}`, 'utf8');
  await writeFile(
    `${outDir}/${file}`,
    code.replaceAll(/^var ([\w$]+) = class(?= extends | \{)/gm, 'var $1 = class $1'),
  );
}

// What editors complete the live configuration by, where they look for it: at the top of the package.
const { CONFIG_SCHEMA } = await import('../dist/lib/config/schema.js');
await writeFile(`${outDir}/config.schema.json`, `${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`);
await copyFile(`${outDir}/config.schema.json`, 'config.schema.json');

// The command line stands alone: sharing chunks with it would cut what an application loads into more files. What only it
// needs is packed into it, with its licence, so that no application has to install it.
const program = `${outDir}/dynamic-pool.js`;
const inlined = 'eventsource-parser';
const licence = await readFile(`node_modules/${inlined}/LICENSE`, 'utf8');
const cli = await rolldown({
  input: 'dist/lib/cli/main.js',
  platform: 'node',
  external: (id) => /^[^./]/.test(id) && id !== inlined,
});
const footer = `/*! ${inlined}\n\n${licence.trim()}\n*/`;
await cli.write({ file: program, format: 'esm', sourcemap: true, codeSplitting: false, footer });
await cli.close();
await chmod(program, 0o755);
