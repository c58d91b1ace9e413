import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Alias } from './manifest';
import { folderOf, nameOf } from './names';
import type { LocalFile } from './plan';

/**
 * How often a dispatcher's file may be named anew before a name comes again. mod_fastcgi counts failures by name, and backs off for ten
 * minutes; its processes stay for ever: so neither one name nor many.
 */
const rotation = 4;
/** Seconds for which a name must not be used again: mod_fastcgi's 600, and some more. */
const restSeconds = 660;

/** `dispatch.fcgi`, `dispatch-2.fcgi` ... */
function nameNumber(path: string, number: number): string {
  if (number === 1) return path;
  const dot = path.lastIndexOf('.');
  return `${path.slice(0, dot)}-${number}${path.slice(dot)}`;
}

/** The name that is taken next: the first of a few that neither exists nor was in use lately. `now`: the server's clock in seconds. */
export function nextAlias(
  of: { dispatcher: string; alias: Alias | undefined; now: number },
  exists: (path: string) => boolean,
): Alias {
  const { dispatcher, alias, now } = of;
  const current = alias?.to ?? dispatcher;
  const retired = (alias?.retired ?? []).filter(({ since }) => now - since < restSeconds);
  const tired = (path: string) => retired.some((one) => one.path === path);
  const free = (path: string) => path !== current && !exists(path) && !tired(path);
  let number = 1;
  while (number <= rotation && !free(nameNumber(dispatcher, number))) number++;
  while (!free(nameNumber(dispatcher, number))) number++;
  return {
    from: dispatcher,
    to: nameNumber(dispatcher, number),
    retired: [...retired, { path: current, since: now }],
  };
}

/**
 * A .htaccess with another name for the dispatcher, wherever it names it: in rules, conditions, `<Files>`, also escaped in patterns.
 * Bytes that are no such name stay as they are.
 */
export function renamedIn(content: Uint8Array, from: string, to: string): Uint8Array {
  const [old, fresh] = [nameOf(from), nameOf(to)];
  const text = Buffer.from(content).toString('latin1');
  const escaped = (name: string) => name.replaceAll('.', '\\.');
  const latin = (name: string) => Buffer.from(name).toString('latin1');
  const replaced = [
    [latin(old), latin(fresh)],
    [latin(escaped(old)), latin(escaped(fresh))],
  ].reduce((result, [one = '', other = '']) => result.replace(wholeName(one), () => other), text);
  return Buffer.from(replaced, 'latin1');
}

/** A name that is not the end or the beginning of another. */
function wholeName(name: string): RegExp {
  return new RegExp(
    `(?<![\\w\\-]|[\\w]\\\\?\\.)${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w\\-]|\\\\?\\.\\w)`,
    'g',
  );
}

/** Whether the content names the dispatcher. */
export function names(content: Uint8Array, dispatcher: string): boolean {
  const marker = `\u0000${nameOf(dispatcher)}`;
  return !Buffer.from(renamedIn(content, dispatcher, marker)).equals(Buffer.from(content));
}

/** Local files as they are called and written on a server whose dispatcher bears another name. */
export async function withAlias(
  root: string,
  local: ReadonlyMap<string, LocalFile>,
  alias: Alias | undefined,
): Promise<ReadonlyMap<string, LocalFile>> {
  if (!alias || alias.from === alias.to) return local;
  const files = new Map(local);
  const dispatcher = files.get(alias.from);
  files.delete(alias.from);
  if (dispatcher) files.set(alias.to, { ...dispatcher, path: alias.to, source: alias.from });
  for (const [path, file] of local) {
    if (!isRewritten(path, alias)) continue;
    const content = await readFile(join(root, path));
    const renamed = renamedIn(content, alias.from, alias.to);
    if (!content.equals(renamed)) files.set(path, inMemory(file, renamed));
  }
  return files;
}

/** What a file of this project is called on the server. */
export function nameThere(path: string, alias: Alias | undefined): string {
  return path === alias?.from ? alias.to : path;
}

/** What a file of the server is called here; undefined for a name of the dispatcher that only waits to be removed. */
export function nameHere(path: string, alias: Alias | undefined): string | undefined {
  if (!alias || alias.from === alias.to) return path;
  if (path === alias.to) return alias.from;
  const retired = path === alias.from || alias.retired.some((one) => one.path === path);
  return retired ? undefined : path;
}

/** Whether a file says something else here than there: a .htaccess that can name the dispatcher. */
export function isRewritten(path: string, alias: Alias | undefined): alias is Alias {
  if (!alias || alias.from === alias.to) return false;
  return nameOf(path) === '.htaccess' && isNear(path, alias.from);
}

/** What the server's content of a file is here, where the dispatcher bears its own name. */
export function contentHere(path: string, content: Buffer, alias: Alias | undefined): Buffer {
  return isRewritten(path, alias) ? Buffer.from(renamedIn(content, alias.to, alias.from)) : content;
}

/** Only a .htaccess at or above the dispatcher, or below its folder, can mean it by its name. */
function isNear(path: string, dispatcher: string): boolean {
  const [one, other] = [folderOf(path), folderOf(dispatcher)];
  const below = (inner: string, outer: string) =>
    outer === '' || inner === outer || inner.startsWith(`${outer}/`);
  return below(one, other) || below(other, one);
}

/** A file with content of its own. */
export function inMemory(file: Pick<LocalFile, 'path' | 'executable'>, content: Uint8Array): LocalFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path: file.path, executable: file.executable, size: content.length, sha256, content };
}
