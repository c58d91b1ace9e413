import type { MissingTarget } from '../apache/missingTarget';
import type { CgiFault } from '../fastcgi';
import { textOfByteString } from '../text/bytes';
import type { Failure } from './pages';

/** A program's `Location: /path` led to a program whose did, more than ten times. */
export const TOO_MANY_REDIRECTS: Failure = {
  message:
    'The program sent the request round inside the server more than 10 times by Location headers that begin with "/". Let one of the pages answer by itself, or give a whole URL.',
  logMessage:
    "AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
  errorOutput: '',
};

/** Rules sent the request round inside the server, until Apache gave up; `missing` is what they lead to. */
export function roundAndRound(missing: MissingTarget | undefined): string {
  const words = 'Apache answers 500: the request went round inside the server more than ten times';
  if (missing === undefined) return `${words}, because a rule or directive is applied to its own result.`;
  const name = textOfByteString(missing.name);
  const there = `${words}: it is sent to ${name}, which is not there.`;
  return missing.isFolder
    ? `${there} If the site lies in a folder ${name} on the server (RewriteBase), it has to do so here: give its folder this name, and serve the folder that holds it.`
    : `${there} Mend the name in the rule, or put the file there.`;
}

/** The folder from which everything is served is not there any more. */
export function siteGone(folder = 'The document root'): Failure {
  return {
    message: `${folder} is not there any more: the site is served from it. Put the folder back; or stop the local server, and start it where the site is now.`,
    logMessage: null,
    errorOutput: '',
  };
}

/** A handler that Apache has and the local server does not. */
export function unknownHandler({ file, handler }: { file: string; handler: string }): Failure {
  const message = `${textOfByteString(file)} belongs to the handler "${handler}", which the local server does not have: it runs FastCGI programs (fcgid-script) and CGI programs (cgi-script). Say what runs it by "runner.handlers" in .vscode/fastcgi.json, as { ".php": "php-cgi" }.`;
  return { message, logMessage: null, errorOutput: '' };
}

/** A request's body beyond mod_fcgid's limit, in bytes. */
export function tooLong(length: number, limit: number): Failure {
  return {
    message: `The body of the request is longer than ${limit} bytes; mod_fcgid refuses it with 500 (FcgidMaxRequestLen, which only the host can raise).`,
    logMessage: `mod_fcgid: HTTP request length ${length} (so far) exceeds MaxRequestLen (${limit})`,
    errorOutput: '',
  };
}

/** A body that is longer than LimitRequestBody, for mod_cgi. */
export function beyondLimit(length: number, limit: number): Failure {
  return {
    message: `The body of the request is longer than the ${limit} bytes that LimitRequestBody allows.`,
    logMessage: `AH01591: Read content length of ${length} is larger than the configured limit of ${limit}`,
    errorOutput: '',
  };
}

/** What a program does not see of a body that is longer than LimitRequestBody. */
export function cutBody(received: number, limit: number): string {
  return `The body of the request is longer than the ${limit} bytes that LimitRequestBody allows: mod_fcgid gives the program ${received} bytes of it, and no error.`;
}

/** A body whose length is not announced, for mod_fastcgi. */
export const LENGTH_REQUIRED: Failure = {
  message:
    'mod_fastcgi takes no request body without a Content-Length (chunked Transfer-Encoding): it answers 411. Let the client send the length.',
  logMessage: 'AH01593: chunked Transfer-Encoding forbidden',
  errorOutput: '',
};

/** The client ended its side before its body was whole. */
export const BROKEN_BODY: Failure = {
  message: 'The client broke off before the body of its request was whole.',
  logMessage: "mod_fcgid: can't get data from http client",
  errorOutput: '',
};

/** A body that is no chunked coding although it says so. */
export const MALFORMED_BODY: Failure = {
  message: 'The body of the request is not in the chunked coding that its Transfer-Encoding announces.',
  logMessage: 'AH01589: chunked body cannot be read',
  errorOutput: '',
};

/** A program's output that is no CGI response. */
export function faultInWords({ reason, logMessage }: CgiFault): string {
  return `The program's answer is not what a web server understands: ${logMessage}. ${FAULTS[reason]}`;
}

const FAULTS: Readonly<Record<CgiFault['reason'], string>> = {
  'no-output':
    'It ended the request without printing a header. Print "Content-Type: text/html", an empty line, and then the page.',
  'premature-end':
    'The headers did not end with an empty line, or a header line is longer than 8 KB. Print an empty line between headers and page.',
  'bad-header':
    'A header line has no colon: the page, or a message, was printed before the headers and the empty line.',
  'header-name': 'A header name may hold letters, digits and hyphens only.',
  'header-value': 'A header value may not hold control characters.',
  coding: 'Leave Transfer-Encoding to the server.',
};
