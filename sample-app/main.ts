import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startApp } from './app.js';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from './data-files.js';
import { tokens } from './operations/tokens.js';

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
  npm run load -- --url ${url}/rates/CHF --shape step --peak 120 --seconds 20   # in another terminal

Watch and steer its pools, as an operator (or with the viewer's token, ${tokens.viewer}, to look only):

  export DYNAMIC_POOL_URL=${url}/pools DYNAMIC_POOL_TOKEN=${tokens.operator}
  npx dynamic-pool top
  npx dynamic-pool explain rates     # why the pool has the size that it has
  curl -X POST -H "Authorization: Bearer $DYNAMIC_POOL_TOKEN" "${url}/pool/manual?size=4&pool=rates"
  npx dynamic-pool auto rates

Pools: ${url}/pools/ui   API: ${url}/docs   health: ${url}/health   metrics: ${url}/metrics   stop: Ctrl-C
`);
