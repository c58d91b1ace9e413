import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunnerEvent } from '../../src/runner';

/** Messages with their buttons; what is pressed; what was run. */
const shown: { message: string; buttons: string[] }[] = [];
let pressed: string | undefined;
const done: string[] = [];
let content = '#!/usr/bin/env python3\n';

vi.mock('vscode', () => {
  const file = (path: string) => ({ scheme: 'file', path, fsPath: path, toString: () => path });
  return {
    l10n: {
      t: (text: string, ...values: unknown[]) =>
        text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])),
    },
    Uri: { file },
    Position: class {
      readonly line: number;
      constructor(line: number) {
        this.line = line;
      }
    },
    Range: class {
      readonly start: { line: number };
      constructor(start: { line: number }) {
        this.start = start;
      }
    },
    commands: {
      executeCommand: async (command: string, argument?: { fix: { kind: string } }) =>
        void done.push([command, argument?.fix.kind].filter(Boolean).join(' ')),
    },
    window: {
      showErrorMessage: async (message: string, ...buttons: string[]) => {
        shown.push({ message, buttons });
        return pressed;
      },
      showTextDocument: async (
        { path }: { path: string },
        { selection }: { selection: { start: { line: number } } },
      ) => void done.push(`${path}:${selection.start.line + 1}`),
    },
    workspace: {
      workspaceFolders: [{ uri: file('/site') }],
      textDocuments: [],
      isTrusted: true,
      fs: { readFile: async () => new TextEncoder().encode(content) },
    },
  };
});

// No test here waits until a message would be seen.
vi.mock('../../src/extension/notifications', async () => (await import('vscode')).window);

const { record } = await import('./requests/records');
const { LocalFailures } = await import('../../src/extension/localFailures');

const DISPATCHER = '/site/dispatch.fcgi';
const TRACEBACK = `Traceback (most recent call last):
  File "/site/app.py", line 41, in answer
    fail()
  File "/usr/lib/python3/json.py", line 3, in fail
ValueError: no
`;

/** What is shown after these events. */
async function after(events: readonly RunnerEvent[]) {
  const log = { error: (message: string) => void done.push(`log ${message}`) };
  const projects = { current: () => undefined };
  const failures = new LocalFailures({ log: log as never, projects: projects as never });
  for (const event of events) {
    failures.onEvent(event);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await vi.waitFor(() => expect(shown.length).toBeGreaterThan(0));
  return shown;
}

const problem = (request: number | null, message = 'It ended.'): RunnerEvent => ({
  kind: 'problem',
  message,
  dispatcher: DISPATCHER,
  request,
});

const answered = (errorOutput: string, status = 500): RunnerEvent => ({
  kind: 'request',
  id: 7,
  method: 'GET',
  target: '/',
  status,
  milliseconds: 1,
  dispatcher: DISPATCHER,
  record: record({ status, dispatcher: DISPATCHER, errorOutput }),
});

const written = (text: string): RunnerEvent => ({
  kind: 'output',
  dispatcher: DISPATCHER,
  pid: 1,
  stream: 'stderr',
  text,
});

describe('the message about a failure of the local server', () => {
  beforeEach(() => {
    shown.length = 0;
    done.length = 0;
    pressed = undefined;
    content = '#!/usr/bin/env python3\n';
  });

  it('opens the line of the own file that failed', async () => {
    pressed = 'Open app.py:41';
    expect(await after([problem(7), answered(TRACEBACK)])).toEqual([
      { message: 'It ended.', buttons: ['Open app.py:41', 'Restart Dispatcher', 'Show Output'] },
    ]);
    await vi.waitFor(() => expect(done).toContain('/site/app.py:41'));
  });

  it('opens the line for which Apache refuses a .htaccess', async () => {
    pressed = 'Open .htaccess:3';
    const message = 'Apache answers 500: no';
    const place = { file: '/site/a/.htaccess', line: 3 };
    const refused: RunnerEvent = { kind: 'problem', message, dispatcher: null, request: 7, place };
    const buttons = ['Open .htaccess:3', 'Show Output'];
    expect(await after([refused, answered('')])).toEqual([{ message, buttons }]);
    await vi.waitFor(() => expect(done).toContain('/site/a/.htaccess:3'));
  });

  it('knows the words of a program that failed before anybody asked', async () => {
    const [first] = await after([
      written(TRACEBACK.slice(0, 60)),
      written(TRACEBACK.slice(60)),
      problem(null),
    ]);
    expect(first?.buttons[0]).toBe('Open app.py:41');
  });

  it('mends Windows line ends', async () => {
    content = '#!/usr/bin/env python3\r\n';
    pressed = 'Convert to LF';
    const [first] = await after([problem(null, 'It has Windows line endings.')]);
    expect(first?.buttons).toEqual(['Convert to LF', 'Open dispatch.fcgi', 'Show Output']);
    await vi.waitFor(() => expect(done).toContain('fastcgi.repairScript to-lf'));
  });

  it('tells the error behind a failure that the program answered itself', async () => {
    expect(await after([answered(TRACEBACK)])).toEqual([
      {
        message: 'dispatch.fcgi answered 500. It wrote: ValueError: no.',
        buttons: ['Open app.py:41', 'Restart Dispatcher', 'Show Output'],
      },
    ]);
  });

  it('is silent where the program answered well, or without an error', async () => {
    const events = [
      answered(TRACEBACK, 404),
      answered('Served a page.\n'),
      answered(''),
      problem(null, 'Last.'),
    ];
    expect((await after(events)).map(({ message }) => message)).toEqual(['Last.']);
  });

  it('offers nothing but the output where no program is at fault', async () => {
    const refused: RunnerEvent = { kind: 'problem', message: 'Refused.', dispatcher: null, request: 7 };
    expect(await after([refused, { ...answered('', 403), dispatcher: null } as RunnerEvent])).toEqual([
      { message: 'Refused.', buttons: ['Show Output'] },
    ]);
  });
});
