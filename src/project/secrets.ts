import type { JsonPath } from './json';

/** A secret that was found where it must not stand. */
export interface SecretFound {
  readonly code: 'secret';
  readonly severity: 'error';
  readonly message: string;
  readonly path: JsonPath;
}

// prettier-ignore
const SECRET_NAMES = new Set([
  'password', 'passwd', 'pass', 'passphrase', 'privatekey', 'secret', 'secretkey', 'token', 'apikey', 'accesskey',
]);

/**
 * Finds fields whose name says that they hold a secret, at any depth, and gives the value without them:
 * a secret from a file that goes into version control is not used either.
 */
export function secretsIn(value: unknown): { value: unknown; secrets: readonly SecretFound[] } {
  const secrets: SecretFound[] = [];
  const visit = (one: unknown, path: JsonPath): unknown => {
    if (Array.isArray(one)) return one.map((item, index) => visit(item, [...path, index]));
    if (typeof one !== 'object' || one === null) return one;
    const kept: [string, unknown][] = [];
    for (const [name, member] of Object.entries(one)) {
      if (isSecretName(name)) secrets.push(secretAt([...path, name]));
      else kept.push([name, visit(member, [...path, name])]);
    }
    return Object.fromEntries(kept);
  };
  return { value: visit(value, []), secrets };
}

function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replaceAll(/[-_ ]/g, ''));
}

function secretAt(path: JsonPath): SecretFound {
  const message =
    `"${path.join('.')}" looks like a secret, and the project file is shared: it is not used. Remove it, and change it if the file ` +
    'was ever shared. Passwords and passphrases are asked for when they are needed and kept in the secret storage of VS Code; ' +
    'a private key stays in ~/.ssh and is named by "identityFile".';
  return { code: 'secret', severity: 'error', message, path };
}
