import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** What Nest asks for where it is installed. */
const OPTIONAL = [/^@nestjs\/(microservices|websockets|platform-)/, /^class-(validator|transformer)/];

/** Packs a worker's entry and all that it imports into one file beside it, as a user would. */
export async function bundleEntry(entry: URL): Promise<URL> {
  const output = new URL('./bundled/entry.js', import.meta.url);
  const bundle = await rolldown({
    input: fileURLToPath(entry),
    platform: 'node',
    external: OPTIONAL,
    logLevel: 'silent',
  });
  await bundle.write({ file: fileURLToPath(output), format: 'esm', codeSplitting: false });
  await bundle.close();
  return output;
}
