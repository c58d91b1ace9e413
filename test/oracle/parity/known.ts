import { leadsToCgi, type Exchange } from './exchanges';

/** A difference that stays, and why. */
export interface KnownDifference {
  readonly reason: string;
  readonly fits: (exchange: Exchange) => boolean;
}

/** Where the runner answers otherwise than Apache. docs/runner.md says the same to users. */
export const KNOWN: readonly KnownDifference[] = [
  {
    reason: 'a host name that is not ours is refused, so that no foreign site reaches the local server',
    fits: ({ name }) => name === 'absoluteother',
  },
  {
    reason: 'what breaks a protocol is refused: a malformed chunked body, records of another version',
    fits: ({ name }) => /^chunk(?:bad|lf|neg|0x|long|huge)$|^GET \/raw\/version/.test(name),
  },
  {
    reason: 'a final status below 200 would leave clients waiting for ever: it is 500',
    fits: ({ bytes }) => bytes.includes('Status%3a%20100'),
  },
  {
    reason: 'names that begin with a dot are neither served nor listed',
    fits: ({ bytes }) => /^\w+ (?:\/members\/(?:\.htpasswd)?|\/\.htaccess|\/p\/) /.test(bytes),
  },
  {
    reason: 'variables of a CGI program are UTF-8, since no others can be handed over',
    fits: (exchange) => leadsToCgi(exchange) && /[\x80-\xff]/.test(exchange.bytes),
  },
  {
    reason: 'Apache closes after a body that is too long for the document of an error',
    fits: ({ bytes }) => /^\w+ \/docs\/gone /.test(bytes) && bytes.length > 131_072,
  },
  {
    reason: 'the page for a coding that does not end in chunked is sent once, with its length',
    fits: ({ bytes }) => /Transfer%2dEncoding%3a%20gzip%0a/.test(bytes),
  },
  {
    reason: 'the page for an unmet expectation says nothing of the connection, which it ends',
    fits: ({ bytes }) => /Expect: .*Expect: /s.test(bytes) && /Connection: |HTTP\/1\.0/.test(bytes),
  },
  {
    reason:
      'HEAD for a page to which a program led, with a failed precondition, is answered without a length',
    fits: ({ bytes }) => /^HEAD \S+Location/.test(bytes) && /If-(?:Match|Unmodified-Since)/.test(bytes),
  },
];
