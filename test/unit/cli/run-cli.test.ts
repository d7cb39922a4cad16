import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../lib/cli/commands/index.js';
import { runCli } from '../../../lib/cli/run-cli.js';
import { calculateSize } from '../../../lib/core/scaling/sizing.js';

async function cli(line: string) {
  const written = { out: '', err: '' };
  const code = await runCli(line === '' ? [] : line.split(' '), {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
  });
  return { code, ...written };
}

describe('dynamic-pool (O4)', () => {
  it('lists its commands, and helps with each of them by examples', async () => {
    expect(await cli('--help')).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^ {2}size {2,}\S/m) });
    const help = await cli('size --help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('Examples:\n  dynamic-pool size --rate 40');
    expect(await cli('size --rate nonsense -h')).toEqual(help);
    expect(await cli('help size')).toEqual(help);
    expect(await cli('help')).toEqual(await cli('--help'));
    expect(await cli('help siez')).toMatchObject({ code: 2, err: expect.stringContaining("no command 'siez'") });
  });

  it('runs the examples of its help', async () => {
    const { out } = await cli('size --help');
    const examples = [...out.matchAll(/^ {2}dynamic-pool (.*)$/gm)].map(([, line]) => line!);
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect(await cli(example)).toMatchObject({ code: 0, err: '' });
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('helps with %s', async (name, command) => {
    const { code, out, err } = await cli(`${name} --help`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: dynamic-pool ${name}`);
    for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
    expect(command.examples.length).toBeGreaterThan(0);
    expect(command.examples.every((example) => example.includes(`dynamic-pool ${name}`))).toBe(true);
  });

  it('tells its version', async () => {
    expect((await cli('--version')).out).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });

  it.each([
    ['', 'Which command?'],
    ['siez', "There is no command 'siez'. Did you mean 'size'? Commands: ls, top,"],
    ['size --raet 4', "size has no option '--raet'. Did you mean '--rate'? Options: --rate, --peak"],
    ['size -r 4', "size has no option '-r'."],
    ['size --constructor 4', "size has no option '--constructor'."],
    ['size --service 50', '--rate is missing: give --rate N.'],
    ['size --rate 4', '--service is missing: give --service TIME.'],
    ['size --rate', '--rate needs a value: --rate N.'],
    ['size --rate --json', '--rate needs a value: --rate N.'],
    ['size --rate= --service 50', '--rate needs a value'],
    ['size --rate 4 --rate 5 --service 50', '--rate is given twice.'],
    ['size --json=yes --rate 4 --service 50', '--json takes no value.'],
    ['size --rate many --service 50', "--rate is 'many', but must be a number."],
    ['size --rate -4 --service 50', '--rate is -4, but must be a finite number above 0.'],
    ['size --rate 4 --service 50sec', "--service is '50sec', but must be a duration such as 50ms, 2s, 5m or 1h."],
    ['size --rate 4 --service 0', '--service is 0, but must be a number of milliseconds above 0'],
    ['size --rate 4 --peak 3 --service 50', '--peak is 3, but must be at least --rate, 4.'],
    ['size --rate 4 --service 50 --late 1', '--late is 1, but must be a number above 0 and below 1.'],
    ['size --rate 4 --service 50 images', "size does not take the argument 'images'."],
    ['describe', 'Which pool? dynamic-pool ls lists them.'],
    ['describe ..', "No pool can be called '..'."],
    ['pause events', "No pool can be called 'events'."],
    ['describe a b', "describe does not take the argument 'b'."],
    ['scale images', 'Which size?'],
    ['scale images four', "SIZE is 'four', but must be a whole number of workers."],
    ['scale images 4abc', "SIZE is '4abc'"],
    ['scale images -1', "scale has no option '-1'."],
    ['scale images 4 --for 10', "--for is '10', but must be a duration with its unit"],
    ['scale images 4 --for 0s', "--for is '0s', but must be a duration with its unit"],
    ['explain images --last 1001', '--last is 1001, but must be a whole number from 0 to 1,000.'],
    ['policy images --dry-run 5', '--dry-run needs a policy to try: --set POLICY.'],
    ['policy images --set thrify', "--set is 'thrify', but must be a preset (balanced,"],
    ['policy images --set {', '--set is not JSON: '],
    ['policy images --set {"decide":1}', '--set has no option "decide". Did you mean \'decider\'?'],
    ['policy images --set @no-such.json', "--set: cannot read 'no-such.json': there is no such file."],
    ['policy images --set thrifty --dry-run 16', '--dry-run is 16, but must be a whole number from 1 to 15.'],
    ['quarantine', 'Which pool? dynamic-pool ls lists them.'],
    ['quarantine images 3', "quarantine does not take the argument '3'."],
    ['quarantine images --release', '--release needs a value: --release ID.'],
    ['quarantine images --release= ', '--release needs a value: --release ID.'],
    ['quarantine images --release al', "--release is 'al', but must be the ID of a task in quarantine, or all."],
    ['quarantine images --release 0', "--release is '0', but must be the ID"],
    ['quarantine images --release 1.5', "--release is '1.5', but must be the ID"],
    ['quarantine images --reason mended', '--reason needs a release: --release ID.'],
    ['ls --url localhost:3000', "--url is 'localhost:3000', but must be an http or https URL"],
    ['ls --url http://ada:secret@127.0.0.1/pools', '--url must not have a name or a password in it.'],
    ['ls --url http://127.0.0.1/pools?x=1', 'but must end with its path.'],
    ['ls --timeout 5', "--timeout is '5', but must be a duration with its unit"],
    ['ls --token sesame', "ls has no option '--token'."],
    ['simulate --load spike', "There is no load 'spike'. Did you mean 'spikes'?"],
    ['simulate --trace a.csv --load step', '--load means nothing beside --trace; --mean sets the rate.'],
    ['simulate --trace no-such.csv', "--trace: cannot read 'no-such.csv': there is no such file."],
    ['simulate --min 5 --max 3', '--min is 5, but must be at most --max, which is 3.'],
    ['simulate --minutes 0', '--minutes is 0, but must be a number above 0 and up to 1440.'],
    ['simulate --peak 1000000 --minutes 100', 'more than 20,000,000 are too many'],
    ['completion', 'Which shell? dynamic-pool completion bash|zsh|fish.'],
    ['completion tcsh', "There is no script for 'tcsh'."],
  ])('refuses `dynamic-pool %s` with exit code 2', async (line, message) => {
    const { code, out, err } = await cli(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^dynamic-pool( [a-z]+)?: /);
    expect(err).toContain(message);
    expect(err).toMatch(/See dynamic-pool( [a-z]+)? --help\.\n$/);
  });
});

describe('dynamic-pool size (L4)', () => {
  const line = 'size --rate 40 --peak 200 --service 50 --boot 150 --cores 4';
  const sizing = calculateSize({
    arrivalsPerSecond: { typical: 40, peak: 200 },
    serviceMs: 50,
    bootMs: 150,
    cores: 4,
  });

  it('prints what the calculator says', async () => {
    const { code, out } = await cli(line);
    expect(code).toBe(0);
    expect(out).toContain('size: { min: 4, max: 12 }');
    for (const sentence of sizing.why) expect(out).toContain(`- ${sentence}\n`);
  });

  it('prints the same as JSON', async () => {
    expect(JSON.parse((await cli(`${line} --json`)).out)).toEqual(sizing);
  });

  it.each(['50ms', '0.05s', '.05s', '50.0'])('understands %s', async (service) => {
    const { out } = await cli(`size --rate 40 --peak=200 --service ${service} --boot 150 --cores 4 --json`);
    expect(JSON.parse(out)).toEqual(sizing);
  });

  it('hands on every option', async () => {
    const all =
      'size --rate 3 --peak 9 --service 1s --cv 2 --objective 2s --late 0.1 --arrival-cv2 3 --boot 1m --async --json';
    expect(JSON.parse((await cli(all)).out)).toEqual(
      calculateSize({
        arrivalsPerSecond: { typical: 3, peak: 9 },
        serviceMs: 1_000,
        serviceCv: 2,
        objectiveMs: 2_000,
        late: 0.1,
        arrivalCv2: 3,
        bootMs: 60_000,
        kind: 'async',
      }),
    );
  });
});
