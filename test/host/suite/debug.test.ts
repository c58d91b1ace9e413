import { after, afterEach, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { placeOf, until } from './site';

const URL = `http://localhost:${process.env['SITE_PORT']}`;

interface Seen {
  readonly session: vscode.DebugSession;
  readonly event: string;
  readonly body: { readonly threadId?: number; readonly output?: string; readonly reason?: string };
}

/** Command lines of processes that have to do with debugpy or with the open site. */
function processes(): string[] {
  const folder = placeOf('').fsPath;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((line) => line.includes('debugpy') || (line.includes(folder) && line.includes('.fcgi')));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Ended meanwhile.
    return '';
  }
}

describe('debugging', () => {
  const seen: Seen[] = [];
  let tracking: vscode.Disposable;
  let projectFile: Uint8Array;

  before(async () => {
    tracking = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage: (message: { type: string; event: string; body: Seen['body'] }) => {
          if (message.type === 'event')
            seen.push({ session, event: message.event, body: message.body ?? {} });
        },
      }),
    });
    projectFile = await vscode.workspace.fs.readFile(placeOf('.vscode/fastcgi.json'));
  });

  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.debug.stopDebugging();
    await vscode.workspace.fs.writeFile(placeOf('.vscode/fastcgi.json'), projectFile);
    seen.length = 0;
  });

  after(() => tracking.dispose());

  const event = (name: string) =>
    until(
      () => seen.find((one) => one.event === name),
      (found) => found !== undefined,
    ) as Promise<Seen>;

  async function breakAt(text: string) {
    const document = await vscode.workspace.openTextDocument(placeOf('project/app.py'));
    const at = document.positionAt(document.getText().indexOf(text));
    const location = new vscode.Location(document.uri, at);
    const breakpoint = new vscode.SourceBreakpoint(location);
    vscode.debug.addBreakpoints([breakpoint]);
    return { line: at.line + 1, breakpoint };
  }

  /** A breakpoint that is set while a program runs has to reach its debugger. */
  async function isSet(breakpoint: vscode.Breakpoint): Promise<void> {
    const session = seen.findLast(({ session: { parentSession } }) => parentSession !== undefined)?.session;
    assert.ok(session);
    const told = async () => JSON.stringify(await session.getDebugProtocolBreakpoint(breakpoint)) ?? '';
    await until(told, (one) => one.includes('"verified":true'));
  }

  it('Python: a request stops at a breakpoint, for as long as it takes, and is answered', async () => {
    // Far less than the test holds the program: it does not count while debugging.
    const impatient = {
      documentRoot: '.',
      runner: { port: Number(process.env['SITE_PORT']), requestTimeout: 1 },
    };
    await vscode.workspace.fs.writeFile(
      placeOf('.vscode/fastcgi.json'),
      new TextEncoder().encode(JSON.stringify(impatient)),
    );
    await sleep(500);
    const { line } = await breakAt('status, title, content = answer(environ, path)');
    await vscode.commands.executeCommand('fastcgi.debug');
    await until(
      () =>
        fetch(`${URL}/index.html`).then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
    const answer = fetch(`${URL}/project/hello/Debugger`);
    const { session, body } = await event('stopped');
    assert.equal(body.reason, 'breakpoint');
    const { stackFrames } = await session.customRequest('stackTrace', { threadId: body.threadId });
    assert.equal(stackFrames[0].line, line);
    assert.equal(stackFrames[0].name, 'application');
    const frameId = stackFrames[0].id;
    const { result } = await session.customRequest('evaluate', {
      expression: "environ['PATH_INFO']",
      frameId,
      context: 'watch',
    });
    assert.equal(result, "'/hello/Debugger'");
    const { scopes } = await session.customRequest('scopes', { frameId });
    const { variables } = await session.customRequest('variables', {
      variablesReference: scopes[0].variablesReference,
    });
    const path = variables.find(({ name }: { name: string }) => name === 'path');
    assert.equal(path?.value, "'/hello/Debugger'");
    await sleep(2500);
    await session.customRequest('continue', { threadId: body.threadId });
    assert.match(await (await answer).text(), /Hello, Debugger!/);
    await vscode.debug.stopDebugging();
    await assert.rejects(fetch(`${URL}/`));
    await until(processes, (left) => left.length === 0);
  });

  it('ends with everything, also while a program is halted', async () => {
    await breakAt('status, title, content = answer(environ, path)');
    await vscode.commands.executeCommand('fastcgi.debug');
    const broken = fetch(`${URL}/project/hello/x`).then(
      ({ status }) => status,
      () => 'broken',
    );
    await event('stopped');
    assert.notDeepEqual(processes(), []);
    await vscode.debug.stopDebugging();
    await broken;
    await until(processes, (left) => left.length === 0);
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });

  it('debugs the changed program after a change, in the same session', async () => {
    const app = placeOf('project/app.py');
    const before = await vscode.workspace.fs.readFile(app);
    await vscode.commands.executeCommand('fastcgi.debug');
    const page = async () => (await fetch(`${URL}/project/`)).text();
    assert.match(await page(), /It works/);
    try {
      const changed = new TextDecoder().decode(before).replace("'It works'", "'It works anew'");
      await vscode.workspace.fs.writeFile(app, new TextEncoder().encode(changed));
      await until(page, (text) => text.includes('It works anew'));
      const { breakpoint } = await breakAt('status, title, content = answer(environ, path)');
      await isSet(breakpoint);
      const answer = page();
      const { session, body } = await event('stopped');
      await session.customRequest('continue', { threadId: body.threadId });
      assert.match(await answer, /It works anew/);
    } finally {
      await vscode.workspace.fs.writeFile(app, before);
    }
  });

  it('ends when the site is stopped by command', async () => {
    await vscode.commands.executeCommand('fastcgi.debug');
    assert.equal((await fetch(`${URL}/project/`)).status, 200);
    await vscode.commands.executeCommand('fastcgi.stop');
    await until(processes, (left) => left.length === 0);
    await until(
      () => vscode.debug.activeDebugSession?.name,
      (name) => name === undefined,
    );
  });

  it('names the extension that a language needs', async () => {
    const program = placeOf('perl.fcgi');
    await vscode.workspace.fs.writeFile(program, new TextEncoder().encode('#!/usr/bin/env perl\nsleep 9;\n'));
    const { chmodSync } = await import('node:fs');
    chmodSync(program.fsPath, 0o755);
    try {
      await vscode.commands.executeCommand('fastcgi.debug');
      const answer = await fetch(`${URL}/perl.fcgi`);
      assert.equal(answer.status, 500);
      assert.match(
        await answer.text(),
        /install the extension &quot;Perl Debug&quot; \(mortenhenriksen\.perl-debug\)/,
      );
    } finally {
      await vscode.workspace.fs.delete(program);
    }
  });
});
