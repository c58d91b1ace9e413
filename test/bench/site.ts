import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const RULES = `RewriteEngine On
RewriteBase /project

RewriteCond %{REQUEST_URI} !^/project/dispatch.fcgi [NC]
RewriteCond %{REQUEST_URI} !^/project/static [NC]
RewriteCond %{REQUEST_URI} !^/project/more_static [NC]
RewriteCond %{REQUEST_URI} !\\.(css|png|jpg|gif)$ [NC]
RewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,NC]
`;

/** A FastCGI responder without a library: reads records, answers with the path info. */
const C_PROGRAM = `#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static unsigned char b[70000];
static int all(int c, unsigned char *p, int n) {
  while (n > 0) { int r = read(c, p, n); if (r <= 0) return 0; p += r; n -= r; }
  return 1;
}
int main(void) {
  static const char body[] = "Content-Type: text/plain\\r\\n\\r\\nhello, this is a small page of a program\\n";
  unsigned char out[256];
  int len = sizeof body - 1, pad = -len & 7;
  for (;;) {
    int c = accept(0, 0, 0), keep = 0;
    while (c >= 0) {
      unsigned char h[8];
      if (!all(c, h, 8)) break;
      int n = h[4] << 8 | h[5];
      if (n + h[6] > 0 && !all(c, b, n + h[6])) break;
      if (h[1] == 1) keep = b[2] & 1;
      if (h[1] != 5 || n > 0) continue;
      memset(out, 0, sizeof out);
      out[0] = 1; out[1] = 6; out[3] = 1; out[5] = len; out[6] = pad;
      memcpy(out + 8, body, len);
      unsigned char *e = out + 8 + len + pad;
      e[0] = 1; e[1] = 3; e[3] = 1; e[5] = 8;
      if (write(c, out, 8 + len + pad + 16) < 0) break;
      if (!keep) break;
    }
    close(c);
  }
}
`;

const PYTHON_PROGRAM = `#!/usr/bin/env python3
import socket, struct
listener = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM)
BODY = b'Content-Type: text/plain\\r\\n\\r\\nhello, this is a small page of a program\\n'
ANSWER = struct.pack('!BBHHBx', 1, 6, 1, len(BODY), 0) + BODY + struct.pack('!BBHHBx', 1, 3, 1, 8, 0) + bytes(8)
while True:
    connection = listener.accept()[0]
    stream, keep = connection.makefile('rb'), False
    while True:
        head = stream.read(8)
        if len(head) < 8:
            break
        _, kind, _, length, padding = struct.unpack('!BBHHBx', head)
        content = stream.read(length + padding)
        if kind == 1:
            keep = content[2] & 1
        if kind == 5 and not length:
            connection.sendall(ANSWER)
            if not keep:
                break
    stream.close()
    connection.close()
`;

/** A site whose one program is written in this language, compiled where it must be; gives its folder. */
export function writeSite(language: 'C' | 'Python'): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-site-'));
  const project = path.join(folder, 'project');
  fs.chmodSync(folder, 0o755);
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(project, '.htaccess'), RULES);
  const program = path.join(project, 'dispatch.fcgi');
  if (language === 'Python') fs.writeFileSync(program, PYTHON_PROGRAM, { mode: 0o755 });
  else {
    fs.writeFileSync(path.join(folder, 'program.c'), C_PROGRAM);
    execFileSync('cc', ['-O2', '-o', program, path.join(folder, 'program.c')]);
  }
  return folder;
}
