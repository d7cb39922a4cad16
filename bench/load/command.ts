import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { basename } from 'node:path';
import { type Command, EXIT, type OptionValues, type Output, UsageError } from '../../lib/cli/command.js';
import { readDurationMs, readNumber } from '../../lib/cli/read-values.js';
import { inOptionNames, type OptionNames } from '../../lib/cli/option-names.js';
import { runLoad, type RunLoadOptions } from '../../lib/simulator/live/index.js';
import { checkedLoad } from '../../lib/simulator/live/live-options.js';
import { type LoadShape, SHAPE_NAMES } from '../../lib/simulator/load/index.js';
import { upload } from './form.js';
import { reportText, secondLine } from './print.js';
import { shapeOf } from './shape.js';

/** The sample app's route whose work is done by a pool, some 0.2 s of it for each request. */
const THUMBNAIL_PATH = '/images/thumbnail';
const port = process.env['PORT'] ?? '3000';
const SAMPLE_URL = `http://127.0.0.1:${port}${THUMBNAIL_PATH}?width=320&height=240`;

/** `npm run load`: a load of a shape or a trace, sent to a live application. */
export const load: Command = {
  name: 'load',
  about:
    'Sends a load to a running application, the sample app unless told otherwise (npm start, in another terminal).',
  usage: '[options]',
  options: {
    url: { type: 'value', shown: 'URL', about: `what to load (${SAMPLE_URL})` },
    shape: { type: 'value', shown: 'NAME', about: `${SHAPE_NAMES.join(', ')} (ramp)` },
    peak: { type: 'value', shown: 'N', about: 'requests per second at most (5)' },
    base: { type: 'value', shown: 'N', about: 'requests per second at least (a twentieth of the peak)' },
    seconds: { type: 'value', shown: 'N', about: 'how long, or 5m (60; with a trace, all of it)' },
    trace: { type: 'value', shown: 'FILE', about: 'replay a CSV of counts instead of a shape' },
    mean: { type: 'value', shown: 'N', about: 'requests per second that a trace is scaled to on average (2)' },
    slow: { type: 'value', shown: 'X', about: 'makes work take X times as long in the middle third' },
    errors: { type: 'value', shown: 'X', about: 'makes this share of the requests fail, as 0.05' },
    seed: { type: 'value', shown: 'N', about: 'requests of one seed leave at the same times (1)' },
    objective: { type: 'value', shown: 'TIME', about: 'counts what takes longer, as 500ms' },
    connections: { type: 'value', shown: 'N', about: 'connections open at most (256)' },
    method: { type: 'value', shown: 'NAME', about: 'GET, or POST where there is a body' },
    body: { type: 'value', shown: 'FILE', about: 'sends this file as the body' },
    type: { type: 'value', shown: 'TYPE', about: "the body's content type" },
    form: { type: 'value', shown: 'FILE', about: 'uploads this file as the field `file` of a form' },
    'allow-remote': { type: 'flag', about: 'allows a host other than this machine; only for what is yours' },
    json: { type: 'flag', about: 'print JSON' },
  },
  examples: [
    'npm run load',
    'npm run load -- --shape spikes --peak 20 --seconds 30 --objective 500ms',
    'npm run load -- --slow 10 --errors 0.05',
    'npm run load -- --url http://127.0.0.1:3000/quote?strike=100 --shape step --peak 200 --json',
  ],
  async run(values, output) {
    const options = await inOptionNames(NAMES, () => optionsOf(values));
    if (!(await answers(options.url))) return unreachable(options.url, output);
    const stop = new AbortController();
    // A second Ctrl-C ends the process as usual.
    process.once('SIGINT', () => stop.abort());
    const report = await runLoad({
      ...options,
      signal: stop.signal,
      onSecond: (second) => process.stderr.isTTY && output.err(secondLine(second)),
    });
    output.out(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, options.objectiveMs));
    return report.ok > 0 || report.sent === 0 ? EXIT.done : EXIT.failed;
  },
};

const NAMES: OptionNames = [
  ['url', '--url'],
  ['allowRemote: true', '--allow-remote'],
  ['seed', '--seed'],
  ['spikes.seed', '--seed'],
  ['peakPerSecond', '--peak'],
  ['basePerSecond', '--base'],
  ['durationMs', '--seconds'],
  ['meanPerSecond', '--mean'],
  ['slowDownstream.factor', '--slow'],
  ['errorInjection.share', '--errors'],
  ['objectiveMs', '--objective'],
  ['connections', '--connections'],
];

/** All of it is checked before anything is sent: a host that is not allowed is not even asked whether it is there. */
async function optionsOf(values: OptionValues): Promise<RunLoadOptions & { url: URL }> {
  const given = String(values.url ?? SAMPLE_URL);
  if (!URL.canParse(given)) throw new UsageError(`--url is '${given}', but must be an http or https URL.`);
  const url = new URL(given);
  const seed = readNumber(values, 'seed') ?? 1;
  const shape = shapeOf(values, seed);
  const options = {
    url,
    seed,
    shape,
    objectiveMs: readDurationMs(values, 'objective'),
    connections: readNumber(values, 'connections'),
    allowRemote: values['allow-remote'] === true,
    ...(values.method !== undefined && { method: String(values.method) }),
  };
  checkedLoad(options);
  return { ...(await requestsOf(values, url, shape)), ...options };
}

type Requests = Pick<RunLoadOptions, 'method' | 'headers' | 'body' | 'vary'>;

async function requestsOf(values: OptionValues, url: URL, shape: LoadShape): Promise<Requests> {
  if (values.form !== undefined) return upload(basename(String(values.form)), readFileSync(String(values.form)));
  if (values.body !== undefined) {
    const type = values.type === undefined ? undefined : { 'content-type': String(values.type) };
    return { body: readFileSync(String(values.body)), headers: type };
  }
  if (url.pathname !== THUMBNAIL_PATH) return {};
  // Only now, since it loads an image codec.
  const { sampleRequests } = await import('./sample-app.js');
  // What is slow here is slow in the middle, of whatever shape.
  const { usual, vary } = await sampleRequests(shape.serviceFactorAt?.(shape.durationMs / 2) ?? 1);
  return { ...usual, vary };
}

/** Whether anything speaks HTTP there, whatever it says. */
function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const ask = url.protocol === 'https:' ? secureRequest : request;
    const outgoing = ask(new URL('/', url), { agent: false, method: 'HEAD', timeout: 5_000 }, (response) => {
      response.resume();
      resolve(true);
    });
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.once('close', () => resolve(false));
    outgoing.once('error', () => resolve(false));
    outgoing.end();
  });
}

function unreachable(url: URL, output: Output) {
  const remedy =
    url.pathname === THUMBNAIL_PATH
      ? 'Start the sample app first, in another terminal: npm start. Or load another application with --url.'
      : 'Start the application first.';
  output.err(`Nothing answers on ${url.origin}. ${remedy}\n`);
  return EXIT.unreachable;
}
