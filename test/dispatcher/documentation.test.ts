import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { dispatcherChecks } from '../../src/dispatcher';

const CHECKS = new URL('../../src/dispatcher/checks', import.meta.url).pathname;
const PAGE = new URL('../../docs/dispatcher.md', import.meta.url).pathname;

const HEAD = `# What is checked in a dispatcher

The web server starts \`dispatch.fcgi\` itself, without a shell, and answers "500 Internal Server Error" to whatever goes
wrong with that. The editor shows what is listed here in \`*.fcgi\` and \`*.cgi\` files of the workspace, open or not;
\`fastcgi check\` shows it too, and counts informations as advice. An error is a 500 on every server. What needs a look
outside the file (git, installed interpreters and packages, the site's rules) is said in trusted workspaces only.

| code | what it finds | severity |
| --- | --- | --- |
`;

const sources = readdirSync(CHECKS).map((name) => readFileSync(join(CHECKS, name), 'utf8'));

/** The comments above the checks, as Markdown, in the order of the registry. */
const documented = dispatcherChecks.map((check) => {
  const source = sources.find((text) => text.includes(`code: '${check.code}'`)) ?? '';
  const comment = /\/\*\*\n((?: \*.*\n)*?) \*\/\nexport const /.exec(source)?.[1] ?? '';
  return { check, text: comment.replaceAll(/^ \* ?/gm, '').trim() };
});

async function page(): Promise<string> {
  const anchor = (code: string): string => code.replaceAll(/[^\w-]/g, '');
  const rows = documented.map(
    ({ check: { code, title, severity } }) =>
      `| [\`${code}\`](#${anchor(code)}) | ${title} | ${severity} |\n`,
  );
  const chapters = documented.map(
    ({ check, text }) => `\n## ${check.code}\n\n**${check.title}** (${check.severity})\n\n${text}\n`,
  );
  const text = `${HEAD}${rows.join('')}${chapters.join('')}`;
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

describe('the documentation of the checks', () => {
  test('is what docs/dispatcher.md says; UPDATE_GOLDEN=1 writes it anew', async () => {
    const text = await page();
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, text);
    expect(readFileSync(PAGE, 'utf8')).toBe(text);
  });

  test.each(documented)('$check.code has a title and a text', ({ check, text }) => {
    expect(check.title).toMatch(/^[A-Za-z].*[^.]$/);
    expect(text.length).toBeGreaterThan(80);
  });
});
