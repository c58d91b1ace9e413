import type { Fix, Words } from './known';

/** Leads to the rule that acts. */
export const RULE: readonly Fix[] = [{ kind: 'rule' }];

/** Rules that lead to themselves. */
export const LOOP: Words = {
  summary: 'The visitor got a 500: a rewrite rule sent the request round in circles.',
  cause:
    'A RewriteRule matches its own result again; each round is an internal redirect, and after ten Apache gives up. A missing dispatcher behind a rule does the same.',
  remedy:
    'Exclude the result with a RewriteCond, as "RewriteCond %{REQUEST_URI} !dispatch\\.fcgi", or use [END].',
  fixes: RULE,
};

/** A folder that Apache may not enter. */
export const UNREADABLE: Words = {
  summary: 'The visitor got a 403: Apache cannot look for a .htaccess in a folder.',
  cause: "The web server's user may not enter the folder (or read the .htaccess).",
  remedy: 'Set the mode of the folder to 755 and of the .htaccess to 644.',
  fixes: [{ kind: 'doctor' }],
};

/** Programs may not be run there. */
export const NO_EXECCGI = (path: string): Words => ({
  summary: `The visitor got a 403: Apache may not run ${path}.`,
  cause: 'The option ExecCGI is off for this folder.',
  remedy:
    'Write "Options +ExecCGI" in the .htaccess; if the host forbids this, use the folder it provides for scripts.',
  script: path,
  fixes: RULE,
});

/** An address that is closed to this visitor. */
export const denied = (message: string): Words => {
  const path = /: ?(\/\S*)$/.exec(message)?.[1] ?? 'the address';
  return {
    summary: `The visitor got a 403: ${path} is closed to this visitor.`,
    cause:
      'A "Require" or "Deny" line refuses it, in your .htaccess or in the configuration of the host (names such as .ht* are always closed).',
    remedy:
      'If the address should be open, write "Require all granted" for it, and look for a line that closes it.',
    fixes: RULE,
    ...(path.startsWith('/') ? { script: path } : {}),
  };
};

/** A folder without a start page. */
export const noIndex = (message: string): Words => {
  const [, folder = 'the folder', names = ''] =
    /^Cannot serve directory (.+?): No matching DirectoryIndex \((.*?)\)/.exec(message) ?? [];
  return {
    summary: `The visitor got a 403: ${folder} has no start page.`,
    cause: `None of ${names || "the host's index files"} is there, and listings are off.`,
    remedy:
      'Upload an index file, name one by DirectoryIndex, or let a rule send the address to the dispatcher.',
    fixes: RULE,
    script: folder,
  };
};

/** A symbolic link that may not be followed. */
export const noSymlink = (message: string): Words => ({
  summary: `The visitor got a 403: ${message.slice(message.lastIndexOf(': ') + 2)} is a symbolic link that may not be followed.`,
  cause:
    'The option FollowSymLinks is off, or the link and its target have different owners, or the target is missing.',
  remedy: 'Put a real file there; or "Options +FollowSymLinks" where the host allows it.',
  fixes: RULE,
});

/** A folder on the way is closed to the web server. */
export const cannotReach = (message: string): Words => {
  const path = /filesystem path '(.*?)'/.exec(message)?.[1];
  return {
    summary: `The visitor got a 403: Apache may not get to ${path ?? 'the file'}.`,
    cause: 'A folder on the way lacks the x permission for the web server.',
    remedy: 'Give the folders of the path mode 755 (or 711), the file 644.',
    fixes:
      path === undefined
        ? [{ kind: 'doctor' }]
        : [{ kind: 'set-mode', path, mode: 0o755 }, { kind: 'doctor' }],
    ...(path === undefined ? {} : { script: path }),
  };
};

/** A file that the web server may not read. */
export const notReadable = (message: string): Words => {
  const path = message.slice(message.lastIndexOf(': ') + 2);
  return {
    summary: `The visitor got a 403: Apache may not read ${path}.`,
    cause: 'The file lacks the r permission for the web server.',
    remedy: 'Give the file mode 644.',
    fixes: [{ kind: 'set-mode', path, mode: 0o644 }],
    script: path,
  };
};

/** A name or password that was not accepted. */
export const password = (message: string): Words => ({
  summary: /Mismatch/.test(message)
    ? 'A visitor typed a wrong password.'
    : 'A visitor typed a name that the password file does not have.',
  cause: 'A visitor mistyped, or the password file (.htpasswd) is not the one that you think.',
  remedy: 'If it should have worked: make the entry anew with htpasswd, and check the path in AuthUserFile.',
  rank: 'symptom',
});

/** The file of AuthUserFile cannot be opened. */
export const passwordFile = (message: string): Words => {
  const path = /: (\/.*)$/.exec(message)?.[1];
  return {
    summary: `The visitor got a 500: the password file ${path ?? ''} cannot be read.`.replace('  ', ' '),
    cause:
      path === undefined
        ? 'AuthUserFile is missing.'
        : 'The path in AuthUserFile is wrong (it is a path of the server, from the root), or the file is not readable for the web server.',
    remedy: 'Write the whole path of the server after AuthUserFile, and give the file mode 644.',
    fixes: RULE,
  };
};

/** The file of AuthGroupFile cannot be opened. */
export const groupFile = (): Words => ({
  summary: 'The group file of a password protection cannot be used.',
  cause: 'AuthGroupFile is missing, its path is wrong, or the file is not readable.',
  remedy: 'Write the whole path of the server after AuthGroupFile.',
  fixes: RULE,
});

/** A login is asked for, and no way of it is set up. */
export const noAuthentication = (): Words => ({
  summary: 'The visitor got a 500: the protection is not complete.',
  cause:
    '"Require" asks for a user, but there is no "AuthType Basic" with AuthName and AuthUserFile; or their module is missing.',
  remedy: 'Write AuthType Basic, AuthName and AuthUserFile beside the Require line.',
  fixes: RULE,
});

/** A visitor who is known and may not see this. */
export const notAuthorized = (): Words => ({
  summary: 'A visitor who has logged in may not see this address.',
  cause: 'The "Require user" or "Require group" lines do not name this visitor.',
  remedy: 'Add the name to the Require line or to the group file, if it should be let in.',
  fixes: RULE,
  rank: 'symptom',
});

/** A CGI program that cannot be started. */
export const cgiFailed = (message: string): Words => ({
  summary: `A CGI program failed: ${message}`,
  cause: 'It does not start (mode, line endings, interpreter), takes too long, or is not there.',
  remedy: 'Check the mode (755), the line endings (LF) and the first line of the file.',
  fixes: [{ kind: 'doctor' }],
});

/** A CGI program that is not there. */
export const cgiMissing = (message: string): Words => ({
  summary: `The visitor got a 404: ${message.slice(message.lastIndexOf(': ') + 2)} is no program that can be run.`,
  cause: 'The file is missing, or it is a folder.',
  remedy: 'Upload the file; check the name in the rule that leads to it.',
  fixes: RULE,
});

/** A server behind Apache that does not answer. */
export const proxy = (message: string): Words => ({
  summary: `A request that should go to another server failed: ${message}`,
  cause:
    'The [P] flag or ProxyPass names a server that does not answer, or the host lacks the module for it.',
  remedy: 'Start that server, or ask your host whether mod_proxy may be used.',
  fixes: RULE,
});

/** A FastCGI server behind mod_proxy_fcgi, as PHP-FPM, that does not answer rightly. */
export const fpm = (message: string): Words => ({
  summary: `The FastCGI server behind Apache did not answer rightly: ${message}`,
  cause: "The host's PHP-FPM (or another FastCGI server) is down, overloaded, or its program crashed.",
  remedy: 'Look at the lines before; then ask your host.',
  rank: 'consequence',
});

/** A server-side include that failed. */
export const include = (message: string): Words => ({
  summary: `A page with server-side includes has an error: ${message}`,
  cause: 'A <!--#...--> element of the page is not written rightly, or names a file that is not there.',
  remedy: 'Correct the element in the page.',
});

/** A request that Apache does not understand. */
export const badRequest = (message: string): Words => ({
  summary: `A visitor sent a request that Apache refuses: ${message}`,
  cause: 'A broken program, a scanner, or a cookie that has grown too large.',
  remedy: 'Nothing to do; if your own visitors get it, make the cookies smaller.',
  rank: 'routine',
});

/** No variant of a file fits what the visitor accepts. */
export const negotiation = (message: string): Words => ({
  summary: `The visitor got a 404 or 406: ${message}`,
  cause: '"Options MultiViews" or a type map found no file that fits.',
  remedy: 'Switch MultiViews off ("Options -MultiViews") where a dispatcher takes all addresses.',
  fixes: RULE,
});

/** A rule with [P] on a host without mod_proxy. */
export const remote = (): Words => ({
  summary: 'The visitor got a 403 or 500: a rule with [P] needs mod_proxy, which this host does not have.',
  cause: 'The flag P asks Apache to fetch the page from another server.',
  remedy: 'Remove the flag, or use [R] to send the visitor there.',
  fixes: RULE,
});

/** A RewriteMap that the host has not set up. */
export const mapMissing = (message: string): Words => ({
  summary: `A RewriteMap cannot be read: ${message}`,
  cause: 'The file of the map is missing or not readable; maps are defined by the host.',
  remedy: 'Upload the file, give it mode 644; else ask your host.',
});
