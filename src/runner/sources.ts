import * as path from 'node:path';
import { readShebang, readStart } from './startFault';

/** File name endings of a language's sources, by the start of its interpreter's name. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  python: ['.py'],
  pypy: ['.py'],
  perl: ['.pl', '.pm'],
  ruby: ['.rb'],
  php: ['.php', '.inc'],
  node: ['.js', '.cjs', '.mjs'],
  lua: ['.lua'],
  sh: ['.sh'],
  bash: ['.sh'],
};

/** True when a change of the file means that the dispatcher must start anew: itself, its .htaccess, its language. */
export function isSourceOf(file: string, dispatcher: string): boolean {
  if (file === dispatcher || path.basename(file) === '.htaccess') return true;
  const ending = path.extname(file);
  // php-cgi itself has none, and programs write files without one.
  return ending !== '' && (ending === path.extname(dispatcher) || endingsFor(dispatcher).includes(ending));
}

function endingsFor(dispatcher: string): readonly string[] {
  const shebang = readShebang(readStart(dispatcher) ?? '');
  if (shebang === null) return [];
  const words = `${shebang.interpreter} ${shebang.argument ?? ''}`
    .split(/\s+/)
    .map((word) => path.basename(word));
  const language = words.map((word) => word.replace(/[\d.]+$/, '')).find((word) => word in ENDINGS);
  return ENDINGS[language ?? ''] ?? [];
}
