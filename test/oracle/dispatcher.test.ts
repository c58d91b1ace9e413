import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkDispatcher } from '../../src/dispatcher';

/** execv without the shell's help, as mod_fcgid starts a program. The folder of the file is the current one. */
const START =
  'import os, sys\nos.chdir(os.path.dirname(sys.argv[1]))\nos.execv(sys.argv[1], [sys.argv[1]])\n';
const python = '/usr/bin/python3';
const usable = process.platform === 'linux' && existsSync(python);
const folder = mkdtempSync(join(tmpdir(), 'fastcgi-dispatcher-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(
  content: Uint8Array | string,
  mode: number,
): { refused: boolean; status: number | null; output: string } {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.fcgi`);
  writeFileSync(file, content, { mode });
  const { status, stdout, stderr } = spawnSync(python, ['-c', START, file], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { refused: /OSError|PermissionError|FileNotFoundError/.test(stderr), status, output: stdout };
}

const OK = 'print("ok")\n';

describe.skipIf(!usable)('Linux starts a dispatcher', () => {
  test.each([
    ['with env', `#!/usr/bin/env python3\n${OK}`],
    ['with an absolute interpreter', `#!${python}\n${OK}`],
    ['with blanks', `#! \t${python}  \n${OK}`],
    ['with env -S', `#!/usr/bin/env -S python3 -u\n${OK}`],
    ['with env -vS', `#!/usr/bin/env -vS python3 -u\n${OK}`],
    ['with env --split-string', `#!/usr/bin/env --split-string=python3 -u\n${OK}`],
    ['with an argument', `#!${python} -u\n${OK}`],
    ['with CR LF below the first line', `#!${python}\n\r\n${OK}`],
  ])('%s', (_, content) => {
    expect(start(content, 0o755)).toMatchObject({ refused: false, status: 0, output: 'ok\n' });
    expect(
      checkDispatcher(content, { path: 'x.fcgi', mode: 0o755 }).filter((one) => one.severity === 'error'),
    ).toEqual([]);
  });
});

describe.skipIf(!usable)('Linux does not start a dispatcher', () => {
  const refused = true;
  test.each([
    ['dispatcher.crlf', `#!${python}\r\n${OK}`, 0o755, { refused }],
    ['dispatcher.crlf', `#!/usr/bin/env python3\r\n${OK}`, 0o755, { status: 127 }],
    ['dispatcher.crlf', `#!${python}\r${OK}`, 0o755, { refused }],
    ['dispatcher.crlf', `#!${python} -u\r\n${OK}`, 0o755, { status: 2 }],
    ['dispatcher.bom', `\uFEFF#!${python}\n${OK}`, 0o755, { refused }],
    ['dispatcher.utf16', Buffer.from(`\uFEFF#!${python}\n${OK}`, 'utf16le'), 0o755, { refused }],
    ['dispatcher.no-shebang', OK, 0o755, { refused }],
    ['dispatcher.no-shebang', '', 0o755, { refused }],
    ['dispatcher.no-shebang', `\n#!${python}\n${OK}`, 0o755, { refused }],
    ['dispatcher.no-shebang', ` #!${python}\n${OK}`, 0o755, { refused }],
    ['dispatcher.no-shebang', `#!\n${OK}`, 0o755, { refused }],
    ['dispatcher.shebang-arguments', `#!/usr/bin/env python3 -u\n${OK}`, 0o755, { status: 127 }],
    ['dispatcher.shebang-relative', `#!python3\n${OK}`, 0o755, { refused }],
    ['dispatcher.shebang-relative', `#!~/bin/python3\n${OK}`, 0o755, { refused }],
    ['dispatcher.not-executable', `#!${python}\n${OK}`, 0o644, { refused }],
  ])('%s: %j', (code, content, mode, expected) => {
    expect(start(content, mode)).toMatchObject({ output: '', ...expected });
    expect(checkDispatcher(content, { path: 'x.fcgi', mode })).toMatchObject([{ code, severity: 'error' }]);
  });
});
