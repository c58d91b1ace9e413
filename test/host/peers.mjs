// The programs outside npm that some suites talk to. Node's built-ins only.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEnd, run } from './processes.mjs';
import { findBrowser } from './server.mjs';

const BROWSER = 'chromium-headless-shell';

/** Debian packages by what is skipped without them. */
const packages = {
  apache2: 'oracle (Apache)',
  'apache2-dev': 'oracle (Apache as judge)',
  'libapache2-mod-fcgid': 'oracle (mod_fcgid)',
  gcc: 'oracle (Apache as judge, PCRE2)',
  'libc6-dev': 'oracle (Apache as judge, PCRE2)',
  'libpcre2-dev': 'oracle (PCRE2)',
  'openssh-server': 'oracle (SSH)',
  'openssh-client': 'oracle (SSH)',
  'libpam-google-authenticator': 'oracle (SSH login with a code)',
  oathtool: 'oracle (SSH login with a code)',
  'php-cgi': 'oracle (PHP programs)',
  perl: 'oracle (Perl programs)',
  'libfcgi-perl': 'oracle (Perl programs)',
  ruby: 'oracle (Ruby programs)',
  'ruby-fcgi': 'oracle (Ruby programs)',
  'ruby-rack': 'oracle (the Ruby template)',
  'python3-flask': 'oracle (the Flask template)',
  'python3-django': 'oracle (the Django template)',
  python3: 'oracle (Python programs)',
  'python3-debugpy': 'host (debugging Python)',
  neovim: 'oracle (the language server in another editor)',
  curl: 'oracle (requests copied as curl)',
  'php-xdebug': 'oracle (debugging PHP)',
  [BROWSER]: 'host, ui',
  'fonts-dejavu-core': 'ui (readable screenshots)',
};

/**
 * Lets this process and what it starts find Debian's programs first: the Python modules of the packages belong to Debian's
 * interpreter, and the stand-in of a version manager takes half a second of CPU before its own starts. Node stays what it is.
 */
export function findPeersFirst() {
  if (!isDebian()) return;
  const first = [path.dirname(process.execPath), '/usr/bin'];
  process.env['PATH'] = [...first, process.env['PATH'] ?? ''].join(path.delimiter);
}

/** For systems without Debian's packages: the commands that tell whether a peer is there. */
const commands = {
  apache2: ['apache2', 'httpd'],
  'openssh-server': ['sshd'],
  'php-cgi': ['php-cgi'],
  perl: ['perl'],
  ruby: ['ruby'],
  python3: ['python3'],
  neovim: ['nvim'],
};

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs what is missing when that is possible (root on Debian or Ubuntu), and says what it installs; otherwise says which
 * suites will be skipped. Never fails: a suite without its peer skips itself and is counted.
 */
export async function installPeers() {
  const missing = await missingPeers();
  if (missing.length === 0) return;
  if (!(isDebian() && process.getuid?.() === 0)) {
    const why = isDebian() ? 'only root can install packages' : 'this is neither Debian nor Ubuntu';
    report(missing, `Not installed, and ${why}`);
    return;
  }
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  await withoutServices(() => aptInstall(missing));
  const still = await missingPeers();
  if (still.length > 0) report(still, 'apt-get could not install');
}

function report(missing, what) {
  console.log(`${what}. Tests are skipped:`);
  for (const name of missing) console.log(`  ${name}: ${packages[name]}`);
}

function isDebian() {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-query');
}

async function missingPeers() {
  const names = Object.keys(packages).filter((name) => name !== BROWSER || !findBrowser());
  if (!isDebian()) return names.filter((name) => name === BROWSER || lacksCommand(name));
  const { output } = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], {
    quiet: true,
  });
  const lines = new Set(output.split('\n'));
  return names.filter((name) => !lines.has(`${name} installed`));
}

function lacksCommand(name) {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'];
  return (
    commands[name]?.every((command) => !folders.some((folder) => existsSync(path.join(folder, command)))) ??
    false
  );
}

async function aptInstall(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args, quiet) => run('apt-get', ['-q', ...args], { env, quiet, timeoutSeconds: 900 });
  await apt(['update'], true);
  // One name that the distribution does not have (Ubuntu's chromium is no package) would keep apt from installing any.
  const { output: policies } = await run('apt-cache', ['policy', ...names], { quiet: true });
  const known = [...policies.matchAll(/^(\S+):\n.*\n {2}Candidate: (?!\(none\))/gm)].map(([, name]) => name);
  if (known.length === 0) return;
  const { code, output } = await apt(['install', '-y', '--no-install-recommends', ...known], true);
  if (code !== 0) console.error(output.split('\n').slice(-20).join('\n'));
}

/** Debian starts a service as soon as it is installed, unless this file says no. Ours is removed again. */
async function withoutServices(work) {
  if (existsSync(POLICY)) return await work();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const remove = beforeEnd(() => rmSync(POLICY, { force: true }));
  try {
    await work();
  } finally {
    await remove();
  }
}
