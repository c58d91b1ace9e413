import { hostProfile } from '../apache/host';
import type { Outcome } from '../apache/request/outcome';
import { byteStringOfText } from '../text/bytes';
import { encodeRequest } from './encode';
import { cgiEnvironment } from './cgiEnvironment';

/** The one request by which a dispatcher is tried. */
export interface TrialRequest {
  /** Absolute path of the dispatcher where it runs. */
  readonly file: string;
  /** Path info and query. */
  readonly target: string;
  /** PATH of the server's processes. */
  readonly searchPath: string;
}

/** The id that the request has. */
export const TRIAL_REQUEST_ID = 1;

/** The records of a GET request for the dispatcher itself, in a folder that is the document root; the connection is to be closed after it. */
export function trialRequest({ file, target, searchPath }: TrialRequest): Uint8Array {
  const [folder, base] = [file.replace(/\/[^/]*$/, ''), file.replace(/^.*\//, '')];
  const name = `/${base}`;
  const [pathInfo = '', query = null] = target.split('?');
  const filename = byteStringOfText(file);
  const outcome: Outcome = {
    status: 200,
    location: null,
    answer: { kind: 'handler', file: filename, handler: 'fcgid-script' },
    uri: byteStringOfText(name + pathInfo),
    filename,
    pathInfo: byteStringOfText(pathInfo),
    query,
    env: {},
    headers: [],
    redirects: 0,
    redirectedFrom: null,
    trace: [],
    logMessage: null,
  };
  const params = cgiEnvironment({
    request: { method: 'GET', target: byteStringOfText(name + target), headers: [['Host', 'localhost']] },
    outcome,
    host: hostProfile({ environment: { PATH: searchPath } }),
    documentRoot: byteStringOfText(folder),
    connection: { remoteAddr: '127.0.0.1', remotePort: 0, serverAddr: '127.0.0.1' },
    bodyLength: 0,
  });
  return encodeRequest({
    requestId: TRIAL_REQUEST_ID,
    keepConnection: false,
    params,
    body: new Uint8Array(0),
  });
}
