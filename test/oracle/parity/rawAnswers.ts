/** A FastCGI record, byte string. */
function record(type: number, content = '', { id = 1, version = 1, padding = 0 } = {}): string {
  const head = [version, type, id >> 8, id & 255, content.length >> 8, content.length & 255, padding, 0];
  return String.fromCharCode(...head) + content + '\0'.repeat(padding);
}

const [END, OUT, ERR, UNKNOWN] = [3, 6, 7, 11];
const ended = (status = 0, protocolStatus = 0): string =>
  record(END, `\0\0\0${String.fromCharCode(status)}${String.fromCharCode(protocolStatus)}\0\0\0`);
const page = (text: string): string => record(OUT, `Content-Type: text/plain\n\n${text}`);
const END_OK = record(OUT) + ended();

/** What a program sends, piece by piece: bytes; a number of milliseconds of silence; the exit code with which it ends; or null where it closes the connection. */
type Piece = string | number | { readonly exit: number } | null;

const CLOSE = null;

/** Answers of programs that speak the protocol in their own way, or badly. */
export const RAW_ANSWERS: Readonly<Record<string, readonly Piece[]>> = {
  plain: [page('plain') + END_OK],
  bytewise: Array.from(page('by bytes') + END_OK),
  splitHeader: [record(OUT, 'Content-Ty'), 20, record(OUT, 'pe: text/plain\n') + record(OUT, '\nx') + END_OK],
  padded: [record(OUT, 'A: b\n\nx', { padding: 255 }) + record(OUT, '', { padding: 8 }) + ended()],
  noOutEnd: [page('no end of stdout') + ended()],
  moreAfterOutEnd: [page('one ') + record(OUT) + record(OUT, 'two') + ended()],
  moreAfterEnd: [page('one') + END_OK + page('two')],
  twoEnds: [page('one') + END_OK + END_OK],
  onlyEnd: [ended()],
  onlyEndStatus: [ended(3)],
  statusThree: [page('with status 3') + record(OUT) + ended(3)],
  refusedCannotMultiplex: [ended(0, 1)],
  refusedOverloaded: [ended(0, 2)],
  refusedRole: [ended(0, 3)],
  overloadedAfterPage: [page('half') + record(OUT) + ended(0, 2)],
  shortEnd: [page('short end') + record(OUT) + record(END, '\0\0')],
  longEnd: [page('long end') + record(OUT) + record(END, '\0'.repeat(16))],
  errors: [
    record(ERR, 'one\n') + page('be') + record(ERR, 'two\n') + record(OUT, 'tween') + record(ERR) + END_OK,
  ],
  errorBeforeHeaderEnd: [record(OUT, 'A: b\n') + record(ERR, 'oh\n') + record(OUT, '\nx') + END_OK],
  onlyErrors: [record(ERR, 'nothing else\n') + END_OK],
  errorNul: [record(ERR, 'a\0b\n') + page('x') + END_OK],
  longError: [record(ERR, 'e'.repeat(60_000)) + page('x') + END_OK],
  otherId: [record(OUT, 'A: b\n\nother', { id: 2 }) + page('own') + END_OK],
  endOfOtherId: [record(END, '\0'.repeat(8), { id: 2 }) + page('own') + END_OK],
  idZero: [record(OUT, 'A: b\n\nzero', { id: 0 }) + page('own') + END_OK],
  version2: [record(OUT, 'A: b\n\nx', { version: 2 }) + END_OK],
  version0: [record(OUT, 'A: b\n\nx', { version: 0 }) + END_OK],
  unknownType: [record(UNKNOWN, '\0'.repeat(8)) + page('x') + END_OK],
  garbageAfter: [`${page('x')}HTTP/1.1 200 OK`, CLOSE],
  halfRecord: [record(OUT, 'A: b\n\nwhole').slice(0, -3), CLOSE],
  halfHead: [`${page('x')}\u0001\u0006\u0000`, CLOSE],
  closeAtOnce: [CLOSE],
  closeInHeader: [record(OUT, 'Content-Type: te'), CLOSE],
  closeAfterHeader: [record(OUT, 'Content-Type: text/plain\n\n'), CLOSE],
  closeInBody: [page('half'), CLOSE],
  closeAfterOutEnd: [page('whole') + record(OUT), CLOSE],
  exitAtOnce: [{ exit: 3 }],
  exitInHeader: [record(OUT, 'Content-Type: te'), { exit: 3 }],
  exitInBody: [page('half'), { exit: 0 }],
  exitAfterEnd: [page('whole') + END_OK, { exit: 3 }],
  longBody: [page('x'.repeat(60_000)) + record(OUT, 'y'.repeat(60_000)) + END_OK],
  lengthShort: [record(OUT, 'Content-Length: 2\n\n'), 20, record(OUT, 'body') + END_OK],
  lengthLong: [record(OUT, 'Content-Length: 20\n\nbody') + END_OK],
  lengthLongExit: [record(OUT, 'Content-Length: 20\n\nbody'), { exit: 0 }],
  notModified: [record(OUT, 'Status: 304\n\nwith a body') + END_OK],
  noContent: [record(OUT, 'Status: 204\n\nwith a body') + END_OK],
  redirectThenExit: [record(OUT, 'Location: /a.txt\n\n'), { exit: 1 }],
  redirectNoEnd: [record(OUT, 'Location: /a.txt\n\n'), CLOSE],
  redirectBadEnd: [record(OUT, 'Location: /a.txt\n\n') + ended(0, 2)],
  redirectLongBody: [
    record(OUT, `Location: /a.txt\n\n${'x'.repeat(60_000)}`) + record(OUT, 'y'.repeat(60_000)) + END_OK,
  ],
  slowHeader: [record(OUT, 'A: b\n'), 300, record(OUT, 'C: d\n'), 300, record(OUT, '\nx') + END_OK],
  hugeHeaders: [
    Array.from({ length: 60 }, (_, n) => record(OUT, `X-${n}: ${'y'.repeat(1000)}\n`)).join('') +
      record(OUT, '\nx') +
      END_OK,
  ],
  manyHeaders: [
    record(OUT, Array.from({ length: 2000 }, (_, n) => `X-${n}: y\n`).join('')) + record(OUT, '\nx') + END_OK,
  ],
};

/** A program that sends these pieces to everybody. */
export function rawAnswerProgram(pieces: readonly Piece[]): string {
  const steps = pieces.map((piece) => {
    if (piece === CLOSE) return 'connection.close(); return';
    if (typeof piece === 'number') return `time.sleep(${piece / 1000})`;
    if (typeof piece === 'object') return `os._exit(${piece.exit})`;
    return `connection.sendall(base64.b64decode('${Buffer.from(piece, 'latin1').toString('base64')}'))`;
  });
  return `#!/usr/bin/env python3
import base64, os, socket, struct, time
listener = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM)

def serve(connection, stream):
    while True:
        head = stream.read(8)
        if len(head) < 8:
            return
        _, kind, _, length, padding = struct.unpack('!BBHHBx', head)
        stream.read(length + padding)
        if kind == 5 and not length:
            break
${steps.map((step) => `    ${step}\n`).join('')}    stream.read()

while True:
    connection = listener.accept()[0]
    stream = connection.makefile('rb')
    try:
        serve(connection, stream)
    except OSError:
        pass
    stream.close()
    connection.close()
`;
}
