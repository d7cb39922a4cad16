import { writeFileSync } from 'node:fs';
import { dashboardFile } from './dashboard.js';

/** `npm run deploy:dashboard`: writes what Grafana imports. */
const path = 'deploy/grafana/dashboard.json';
writeFileSync(path, dashboardFile());
process.stdout.write(`wrote ${path}\n`);
