import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startApp } from './app.js';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from './data-files.js';

const app = await startApp();
const url = await app.getUrl();
const path = (file: string) => relative(process.cwd(), file);

console.log(`
Back office on ${url}

Try:

  curl -F file=@${path(SAMPLE_IMAGE)} "${url}/images/thumbnail?width=320&height=240" -o ${join(tmpdir(), 'thumbnail.jpg')}
${SAMPLE_TABLES.map((file) => `  curl -F file=@${path(file)} ${url}/reports`).join('\n')}
  curl ${url}/reports
  curl -i -F file=@${path(SAMPLE_TABLES[0])} ${url}/images/thumbnail     # thrown in a thread, still a 415
  curl ${url}/rates/CHF
  curl ${url}/pools
  npm run load -- --url ${url}/rates/CHF --shape step --peak 120 --seconds 20   # in another terminal
  curl ${url}/pools/rates/decisions     # why the pool has the size that it has

API: ${url}/docs   health: ${url}/health   metrics: ${url}/metrics   stop: Ctrl-C
`);
