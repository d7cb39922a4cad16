import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findProgram } from '../../support/debian-tools.js';

interface Machine {
  readonly os?: string;
  readonly uid?: number;
  /** Programs that there are. */
  readonly has?: readonly string[];
  /** What apt-get install does. */
  readonly install?: string;
  /** A policy-rc.d of somebody else's. */
  readonly policy?: string;
}

/** Runs the script on a machine whose programs are all made up. */
function run({ os = 'ID=debian', uid = 0, has = ['apt-get'], install = 'true', policy }: Machine) {
  const folder = mkdtempSync(join(tmpdir(), 'debian-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const calls = at('calls');
  const program = (name: string, script: string) =>
    writeFileSync(at(name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  for (const name of ['grep', 'mktemp', 'rm', 'chmod', 'tail']) symlinkSync(findProgram(name)!, at(name));
  program('id', `echo ${uid}`);
  for (const name of has) program(name, `echo "${name} $*" >> ${calls}`);
  if (has.includes('apt-get')) {
    program(
      'apt-get',
      `echo "apt-get $*" >> ${calls}; case "$*" in *install*) cat=$(<${at('policy')}); echo "policy $cat" >> ${calls}; ${install};; esac`,
    );
  }
  writeFileSync(at('os-release'), `PRETTY_NAME="x"\n${os}\n`);
  if (policy !== undefined) writeFileSync(at('policy'), policy);
  const { status, stdout, stderr } = spawnSync('/bin/bash', [resolve('scripts/install-debian-tools.sh')], {
    encoding: 'utf8',
    env: { PATH: folder, OS_RELEASE: at('os-release'), POLICY_RC_D: at('policy'), TMPDIR: folder },
  });
  const called = existsSync(calls) ? readFileSync(calls, 'utf8') : '';
  return {
    status,
    stdout,
    stderr,
    called,
    policyAfter: existsSync(at('policy')) ? readFileSync(at('policy'), 'utf8') : null,
  };
}

describe('the installation of Debian tools in CI', () => {
  it('does nothing, without a word, where they are there', () => {
    const { status, stdout, stderr, called } = run({ has: ['apt-get', 'promtool', 'chromium'] });
    expect({ status, stdout, stderr, called }).toEqual({ status: 0, stdout: '', stderr: '', called: '' });
  });

  it('installs what is missing, quietly, without recommended packages, and lets no service start', () => {
    const { status, stdout, stderr, called, policyAfter } = run({ has: ['apt-get', 'chromium', 'systemctl'] });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(called).toMatch(/^apt-get .* update\napt-get .* install -y --no-install-recommends prometheus\n/);
    expect(called).toContain('policy #!/bin/sh\nexit 101\n');
    expect(called).toContain('systemctl disable --now prometheus');
    expect(policyAfter).toBeNull();
  });

  it('leaves a policy of somebody else alone', () => {
    const { called, policyAfter } = run({ policy: 'theirs' });
    expect(called).toContain('install -y --no-install-recommends prometheus chromium\npolicy theirs\n');
    expect(policyAfter).toBe('theirs');
  });

  it('says so and goes on where it fails', () => {
    const { status, stderr, policyAfter } = run({ install: 'echo "E: no network"; exit 100' });
    expect(status).toBe(0);
    expect(stderr).toBe(
      'E: no network\nNotice: prometheus chromium could not be installed; the tests that need it are skipped.\n',
    );
    expect(policyAfter).toBeNull();
  });

  it.each<Machine & { why: string }>([
    { why: 'only root can install it', uid: 1000 },
    { why: 'this is not Debian', os: 'ID=alpine' },
    { why: 'there is no apt-get', has: [] },
  ])('says that $why, and goes on', ({ why, ...machine }) => {
    const { status, stderr, called } = run(machine);
    expect({ status, called }).toEqual({ status: 0, called: '' });
    expect(stderr).toBe(`Notice: prometheus chromium not found, and ${why}; the tests that need it are skipped.\n`);
  });

  it('comes first in CI', () => {
    const steps = readFileSync('.ci/run', 'utf8').split('\n');
    expect(steps.indexOf('scripts/install-debian-tools.sh')).toBeGreaterThan(0);
    expect(steps.indexOf('scripts/install-debian-tools.sh')).toBeLessThan(steps.indexOf('npm ci'));
  });
});
