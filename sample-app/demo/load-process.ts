import { setTimeout as sleep } from 'node:timers/promises';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from '../data-files.js';
import type { Report } from '../reports/report.js';
import { type Check, isReady, isReportOf, isThumbnail } from './check.js';
import { type Answer, call, fileForm } from './client.js';
import { hearDemo, type LoadFigures, type LoadOrder, tellDemo } from './messages.js';
import { quantiles } from './statistics.js';

// The users of the service: four who want one thumbnail after another, one who posts reports, and a health probe.
const THUMBNAIL_CLIENTS = 4;
const REPORT_PAUSE_MS = 250;
const PING_EVERY_MS = 50;

const image = fileForm(SAMPLE_IMAGE);
const tables = SAMPLE_TABLES.map((path) => ({
  form: fileForm(path),
  isCreated: isReportOf(path, 201),
  isReadBack: isReportOf(path, 200),
}));
const isSampleThumbnail = isThumbnail('image/jpeg', 320, 240);

async function load({ url, seconds }: LoadOrder): Promise<LoadFigures> {
  const start = performance.now();
  const end = start + seconds * 1000;
  const running = () => performance.now() < end;
  const wrong: string[] = [];
  const thumbnailLatencies: number[] = [];
  const pingLatencies: number[] = [];
  let reports = 0;

  const checked = (answer: Answer, check: Check) => {
    const complaint = check(answer);
    if (complaint) wrong.push(complaint);
  };

  const thumbnails = async () => {
    while (running()) {
      const sent = performance.now();
      checked(await call(`${url}/images/thumbnail?width=320&height=240`, image), isSampleThumbnail);
      thumbnailLatencies.push(performance.now() - sent);
    }
  };
  const reporting = async () => {
    for (let i = 0; running(); i++) {
      const { form, isCreated, isReadBack } = tables[i % tables.length]!;
      const created = await call(`${url}/reports`, form);
      checked(created, isCreated);
      if (created.status === 201) {
        const { id } = JSON.parse(created.body.toString()) as Report;
        checked(await call(`${url}/reports/${id}`), isReadBack);
      }
      reports++;
      await sleep(REPORT_PAUSE_MS);
    }
  };
  const ping = async () => {
    const sent = performance.now();
    checked(await call(`${url}/health`), isReady);
    pingLatencies.push(performance.now() - sent);
  };
  // On a fixed beat, whether or not the ones before were answered: a stalled service must not thin out its own probes.
  const pinging = async () => {
    const pings: Promise<void>[] = [];
    for (; running(); await sleep(PING_EVERY_MS)) pings.push(ping());
    await Promise.all(pings);
  };

  const clients = Array.from({ length: THUMBNAIL_CLIENTS }, thumbnails);
  const thumbnailSeconds = Promise.all(clients).then(() => (performance.now() - start) / 1000);
  await Promise.all([...clients, reporting(), pinging()]);
  return {
    throughput: thumbnailLatencies.length / (await thumbnailSeconds),
    thumbnails: thumbnailLatencies.length,
    reports,
    pings: pingLatencies.length,
    thumbnailLatency: quantiles(thumbnailLatencies),
    pingLatency: quantiles(pingLatencies),
    wrong,
  };
}

hearDemo(async (message) => {
  if (message.type === 'load') tellDemo({ type: 'loaded', figures: await load(message.order) });
});
