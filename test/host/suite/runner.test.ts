import { afterEach, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openNew, placeOf, remove, until } from './site';

const URL = `http://localhost:${process.env['SITE_PORT']}`;

describe('the local runner', () => {
  afterEach(() => vscode.commands.executeCommand('fastcgi.stop'));

  it('serves the sample site, and stops', async () => {
    await vscode.commands.executeCommand('fastcgi.run');
    const answer = await fetch(`${URL}/project/hello/World`);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /Hello, World!/);
    assert.equal((await fetch(`${URL}/project/static/site.css`)).status, 200);
    await vscode.commands.executeCommand('fastcgi.stop');
    await assert.rejects(fetch(`${URL}/`));
  });

  it('runs changed code with the next request', async () => {
    await vscode.commands.executeCommand('fastcgi.run');
    const page = async () => (await fetch(`${URL}/project/`)).text();
    assert.match(await page(), /It works/);
    const app = placeOf('project/app.py');
    const before = await vscode.workspace.fs.readFile(app);
    const changed = new TextDecoder().decode(before).replace("'It works'", "'It works anew'");
    try {
      await vscode.workspace.fs.writeFile(app, new TextEncoder().encode(changed));
      await until(page, (text) => text.includes('It works anew'));
    } finally {
      await vscode.workspace.fs.writeFile(app, before);
    }
  });

  it('answers 500 for a .htaccess that Apache refuses', async () => {
    const document = await openNew('.htaccess', 'RewriteRuel x y\n');
    try {
      await vscode.commands.executeCommand('fastcgi.run');
      assert.equal((await fetch(`${URL}/index.html`)).status, 500);
    } finally {
      await remove(document.uri);
    }
  });
});
