import { describe, expect, it, vi } from 'vitest';
import type { RunnerEvent } from '../../../src/runner';

vi.mock('vscode', () => ({ l10n: { t: (text: string) => text } }));

const { record } = await import('../requests/records');
const { LocalLog } = await import('../../../src/extension/log/localLog');
const { LogStore } = await import('../../../src/extension/log/logStore');

/** The incidents that the panel shows after events of the local runner. */
function incidentsAfter(events: readonly RunnerEvent[]) {
  const store = new LogStore(1000);
  let emit: (event: RunnerEvent) => void = () => undefined;
  const log = new LocalLog({
    onEvent: (listener) => ((emit = listener), { dispose: () => undefined }),
    projects: { current: () => undefined } as never,
    view: { add: (name: string, lines: readonly string[]) => store.add(name, lines) } as never,
    isRemote: () => false,
  });
  for (const event of events) emit(event);
  log.dispose();
  return store.incidents;
}

const DISPATCHER = '/site/dispatch.fcgi';

const failed: RunnerEvent = {
  kind: 'request',
  id: 7,
  method: 'GET',
  target: '/hello',
  status: 500,
  milliseconds: 12,
  dispatcher: DISPATCHER,
  record: null,
};

describe('failures of the local server in the log panel', () => {
  it('tell what the local server knows, with the request that met it', () => {
    const message = 'dispatch.fcgi has Windows line endings (CRLF).\nSave it with line endings LF.';
    const incidents = incidentsAfter([
      { kind: 'problem', message, dispatcher: DISPATCHER, request: 7 },
      failed,
    ]);
    expect(incidents).toEqual([
      expect.objectContaining({
        summary: 'dispatch.fcgi has Windows line endings (CRLF). Save it with line endings LF.',
        cause: 'The local server says so; the words are its own.',
        request: 'GET /hello',
        count: 1,
      }),
    ]);
  });

  it('are one with what the program wrote', () => {
    const text = `Traceback (most recent call last):
  File "${DISPATCHER}", line 2, in <module>
    import nothing
ModuleNotFoundError: No module named 'nothing'
`;
    const incidents = incidentsAfter([
      { kind: 'output', dispatcher: DISPATCHER, pid: 1, stream: 'stderr', text },
      { kind: 'problem', message: 'dispatch.fcgi ended.', dispatcher: DISPATCHER, request: 7 },
      failed,
    ]);
    expect(incidents).toEqual([
      expect.objectContaining({ code: 'python.missing-module', request: 'GET /hello', count: 1 }),
    ]);
  });

  it('that the program answered itself are one with what it wrote just before, not earlier', () => {
    const traceback = (line: number, error: string) => `Traceback (most recent call last):
  File "/site/app.py", line ${line}, in answer
    fail()
${error}
`;
    const written = (text: string): RunnerEvent => ({
      kind: 'output',
      dispatcher: DISPATCHER,
      pid: 1,
      stream: 'stderr',
      text,
    });
    const errorOutput = traceback(9, 'ValueError: this one');
    const incidents = incidentsAfter([
      written(traceback(3, 'KeyError: nobody asked')),
      written(errorOutput),
      { ...failed, record: record({ status: 500, dispatcher: DISPATCHER, errorOutput }) },
    ]);
    expect(incidents).toHaveLength(2);
    expect(incidents).toContainEqual(
      expect.objectContaining({
        summary: 'ValueError: this one in app.py, line 9.',
        request: 'GET /hello',
        last: expect.stringMatching(/^\d{4}-/),
      }),
    );
  });

  it('that the program answered itself without a word are told as before', () => {
    expect(incidentsAfter([failed])).toEqual([expect.objectContaining({ code: 'access.server-error' })]);
  });
});
