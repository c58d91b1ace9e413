import { assert, constantFrom, json, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProject } from '../../src/project';
import {
  addTargets,
  importFileZilla,
  importSftpJson,
  importWinScp,
  secretSpans,
  targetNames,
  uniqueNames,
} from '../../src/project/imports';

const SFTP = `{
  // the live server
  "name": "My Server", "host": "ssh.example.test", "protocol": "sftp", "port": 2222,
  "username": "me", "password": "hunter2",
  "remotePath": "/home/me/public_html/", "uploadOnSave": true,
  "privateKeyPath": "/home/me/.ssh/id_rsa", "passphrase": "sesame",
  "ignore": [".vscode", ".git", ".DS_Store"], "context": "./public/",
}`;

describe('sftp.json', () => {
  test('gives a target, and its secrets apart', () => {
    const { sites, notes } = importSftpJson(SFTP);
    expect(notes).toEqual([]);
    expect(sites).toEqual([
      {
        name: 'My Server',
        target: {
          ssh: { host: 'ssh.example.test', port: 2222, user: 'me', identityFile: '/home/me/.ssh/id_rsa' },
          path: '/home/me/public_html',
          ignore: ['.vscode', '.git', '.DS_Store'],
        },
        secrets: [
          expect.objectContaining({ kind: 'password', user: 'me', port: 2222, text: 'hunter2' }),
          expect.objectContaining({ kind: 'passphrase', keyFile: '/home/me/.ssh/id_rsa', text: 'sesame' }),
        ],
        notes: ['It uploads the folder "public": set "documentRoot".'],
      },
    ]);
  });

  test('profiles inherit, lists are taken, FTP is named', () => {
    const text = `[
      { "username": "dev", "password": "x", "remotePath": "/srv", "profiles": {
          "staging": { "host": "staging.test" }, "live": { "host": "live.test", "remotePath": "/live" } } },
      { "name": "old", "host": "ftp.test", "protocol": "ftp" }, { "name": "none" }, 7 ]`;
    const { sites, notes } = importSftpJson(text);
    expect(sites.map(({ name, target }) => [name, target.path])).toEqual([
      ['staging', '/srv'],
      ['live', '/live'],
    ]);
    expect(notes).toEqual(['"old" is a server for FTP: only SSH is spoken here.', '"none" names no host.']);
  });

  test('the secrets can be taken out, and the file stays what it was', () => {
    let text = SFTP;
    for (const { start, end } of secretSpans(text)) text = text.slice(0, start) + text.slice(end);
    expect(text).not.toMatch(/hunter2|sesame|passw|passphrase/);
    const again = importSftpJson(text);
    expect(again.notes).toEqual([]);
    expect(again.sites[0]?.target).toEqual(importSftpJson(SFTP).sites[0]?.target);
  });
});

test('FileZilla: SFTP servers with password and path', () => {
  const xml = `<?xml version="1.0"?><FileZilla3><Servers><Folder>web
    <Server><Host>web.test</Host><Port>22</Port><Protocol>1</Protocol><User>me</User><Pass encoding="base64">aHVudGVyMg==</Pass>
      <Name>Web &amp; more</Name><RemoteDir>1 0 4 home 2 me 8 with tab</RemoteDir></Server>
    <Server><Host>ftp.test</Host><Protocol>0</Protocol><Name>Old</Name></Server></Folder></Servers></FileZilla3>`;
  const { sites, notes } = importFileZilla(xml);
  expect(sites).toMatchObject([
    { name: 'Web & more', target: { ssh: { host: 'web.test', user: 'me' }, path: '/home/me/with tab' } },
  ]);
  expect(sites[0]?.secrets).toMatchObject([{ kind: 'password', text: 'hunter2' }]);
  expect(notes).toEqual(['"Old" is no SFTP server: only SSH is spoken here.']);
});

test('WinSCP: sessions, without their passwords and keys of PuTTY', () => {
  const ini = String.raw`[Configuration]
[Sessions\Shared/My%20Site]
HostName=web.test
PortNumber=2200
UserName=me
RemoteDirectory=/home/me/www
PublicKeyFile=C:\keys\me.ppk
Password=A35C
[Sessions\ftp]
HostName=ftp.test
FSProtocol=5
`;
  const { sites, notes } = importWinScp(ini);
  expect(sites).toMatchObject([
    { name: 'My Site', target: { ssh: { host: 'web.test', port: 2200, user: 'me' }, path: '/home/me/www' } },
  ]);
  expect(sites[0]?.secrets).toEqual([]);
  expect(sites[0]?.notes.join(' ')).toMatch(/asked for.*Pageant/);
  expect(notes).toHaveLength(1);
});

describe('targets are added to a project file', () => {
  const added = importSftpJson(SFTP).sites.map(({ name, target }) => [name, target] as const);
  test.each([
    ['', '{\n  "targets"'],
    ['{}', ''],
    ['{ // a note\n  "documentRoot": "public"\n}', '// a note'],
    ['{ "targets": {} }', ''],
    ['{\n  "targets": {\n    "old": { "ssh": "x", "path": "p" }, // mine\n  },\n}', '// mine'],
  ])('%j', (text, kept) => {
    const insertion = addTargets(text, added);
    if (!insertion) throw new Error('nothing was inserted');
    const result = text.slice(0, insertion.offset) + insertion.text + text.slice(insertion.offset);
    const { project, problems } = parseProject(result);
    expect(problems).toEqual([]);
    expect(project.targets['My Server']?.path).toBe('/home/me/public_html');
    expect(result).toContain(kept);
    expect([...targetNames(result)]).toContain('My Server');
    for (const name of targetNames(text)) expect(project.targets[name]).toBeDefined();
  });

  test('not to a file that is none', () => {
    for (const text of ['[]', '{ "targets": [] }', '{ "a" 1 }', 'x'])
      expect(addTargets(text, added)).toBeUndefined();
  });
});

test('names stay apart', () => {
  expect(uniqueNames(['a', 'a', ' ', 'b'], new Set(['a']))).toEqual(['a-2', 'a-3', 'server', 'b']);
});

test('no text makes an import fail', () => {
  const texts = oneof(string(), json(), constantFrom(SFTP, '<Server><Host>a</Host>', '[Sessions\\'));
  assert(
    property(texts, texts, (a, b) => {
      for (const text of [a, a + b]) {
        importSftpJson(text);
        importFileZilla(text);
        importWinScp(text);
        secretSpans(text);
        addTargets(text, []);
      }
    }),
  );
});
