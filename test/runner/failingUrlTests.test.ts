import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { addressesOf } from '../../src/doctor/predictions';
import { DEFAULT_PROJECT } from '../../src/project';
import { failingUrlTests } from '../../src/runner/failingUrlTests';
import { makeTree } from '../deploy/site';

const { host } = DEFAULT_PROJECT;
const RULES = 'RewriteEngine On\n\nRewriteRule ^old$ /new [R=301,L]\n';
let remove: (() => void) | undefined;

function site(files: Readonly<Record<string, string>>) {
  const made = makeTree(files);
  remove = made.remove;
  return { folder: made.root, documentRoot: join(made.root, 'web'), project: { host } };
}

afterEach(() => remove?.());

describe('failingUrlTests', () => {
  it('says nothing where all is as it is written, and where no test is', async () => {
    expect(await failingUrlTests(site({ 'web/.htaccess': RULES }))).toEqual([]);
    remove?.();
    expect(
      await failingUrlTests(site({ 'web/.htaccess': RULES, 'web/a/b.urls': '/old -> 301 /new\n' })),
    ).toEqual([]);
  });

  it('names file and line of the test, what comes instead, and the rule that makes it so', async () => {
    const failing = await failingUrlTests(
      site({
        'web/.htaccess': RULES,
        'web/b.urls': '# first\n/old -> 301 /newer\n',
        'web/a/x.urls': '/old -> 404\n/old -> 301 /new\n',
        'web/node_modules/x/y.urls': '/old -> 404\n',
      }),
    );
    expect(failing).toEqual([
      {
        file: 'a/x.urls',
        line: 1,
        message: '/old should give 404, but gives 301 /new (.htaccess:3: RewriteRule ^old$ /new [R=301,L])',
      },
      {
        file: 'b.urls',
        line: 2,
        message:
          '/old should give 301 /newer, but gives 301 /new (.htaccess:3: RewriteRule ^old$ /new [R=301,L])',
      },
    ]);
  });

  it("judges by the target's host", async () => {
    const tree = site({ 'web/.htaccess': RULES, 'web/x.urls': '/old -> 301 /new\n' });
    const without = { ...host, modules: host.modules.filter((name) => name !== 'mod_rewrite') };
    const [failing] = await failingUrlTests({ ...tree, project: { host: without } });
    expect(failing?.message).toMatch(/but gives 500/);
  });
});

describe('the doctor', () => {
  it('asks for what the URL tests name, although they are never uploaded', async () => {
    const tree = site({ 'web/.htaccess': RULES, 'web/a/x.urls': '/old -> 301 /new\nPOST /form -> 404\n' });
    const asked = await addressesOf({
      ...tree,
      host,
      url: 'https://www.example.test/',
      dispatcher: undefined,
    });
    expect(asked.map(({ url, origin }) => [url, origin])).toEqual([
      ['https://www.example.test/', null],
      ['https://www.example.test/old', 'a/x.urls:1'],
    ]);
  });
});
