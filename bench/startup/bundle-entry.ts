import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** What Nest asks for only where it is installed. */
const OPTIONAL = [/^@nestjs\/(microservices|websockets|platform-)/, /^class-(validator|transformer)/];

/**
 * Packs a worker's entry and all that it imports, as a user would. What is imported later on, and here never is, stays in
 * files of its own.
 */
export async function bundleEntry(entry: URL): Promise<URL> {
  const folder = new URL('./bundled/', import.meta.url);
  const bundle = await rolldown({
    input: { entry: fileURLToPath(entry) },
    platform: 'node',
    external: OPTIONAL,
    logLevel: 'silent',
  });
  await bundle.write({ dir: fileURLToPath(folder), format: 'esm', entryFileNames: '[name].js' });
  await bundle.close();
  return new URL('entry.js', folder);
}
