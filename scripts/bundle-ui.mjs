// Packs the page into three files that stand alone: no CDN, no inline scripts or styles, no source maps. They are served
// under a strict Content-Security-Policy (docs/dashboard.md).
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { rolldown } from 'rolldown';

const source = 'lib/admin/ui';
const outDir = 'dist/bundle/ui';
const styles = ['theme', 'page', 'parts', 'overview', 'pool'];

await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });

const bundle = await rolldown({
  input: `${source}/main.tsx`,
  platform: 'browser',
  tsconfig: `${source}/tsconfig.json`,
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
});
await bundle.write({ file: `${outDir}/app.js`, format: 'iife', minify: true });
await bundle.close();

const sheets = ['node_modules/uplot/dist/uPlot.min.css', ...styles.map((name) => `${source}/styles/${name}.css`)];
const texts = await Promise.all(sheets.map((file) => readFile(file, 'utf8')));
await writeFile(`${outDir}/app.css`, texts.map(smaller).join('\n'));
await copyFile(`${source}/index.html`, `${outDir}/index.html`);

/** Without comments and indentation; the rest is left to compression. */
function smaller(css) {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
}
