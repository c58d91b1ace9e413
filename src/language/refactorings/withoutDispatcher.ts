import type { Entry } from '../document';
import type { ByteFix } from '../problem';
import { rewriteBlockOf } from '../rewriteBlock';
import { readWord } from '../../apache/syntax/words';
import { indentOf, rewritePieces } from '../spans';
import type { RefactoringPlace } from '.';

/** A substitution that names a program. */
const PROGRAM = /^\/?(?:[^%$]*\/)?([^/%$?]+\.(?:fcgi|cgi|fpl|pl|php|py|rb))(?:[/?]|$)/i;

/** What programs need not answer themselves. */
const STATIC =
  'css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|mp4|webm|mp3|pdf|txt|xml|webmanifest';

/** Most folders that are proposed. */
const MOST_FOLDERS = 8;

/** Conditions for a rule that sends everything to a program: files, folders or kinds of files that Apache serves itself. */
export function withoutDispatcher(place: RefactoringPlace): readonly ByteFix[] {
  const { document, entry } = place;
  const block = entry === undefined ? undefined : rewriteBlockOf(document, entry);
  const program = block?.rule === undefined ? undefined : programOf(block.rule);
  if (block?.rule === undefined || program === undefined) return [];
  const { rule } = block;
  const known = [...block.conditions, rule].map(({ line }) => line.text).join('\n');
  const proposals = [...existingFiles(known), ...folders(place, known), ...kinds(known)];
  return proposals.map(({ what, condition }) => {
    const first = block.conditions[0] ?? rule;
    const { start } = first.line;
    const text = `${indentOf(document.source, first.line)}RewriteCond ${condition}${document.lineEnd}`;
    return { title: `Serve ${what} without ${program}`, edits: [{ start, end: start, text }] };
  });
}

interface Proposal {
  readonly what: string;
  /** What follows `RewriteCond`; it is put before all others, so that every one of those still has to hold. */
  readonly condition: string;
}

function programOf({ line }: Entry): string | undefined {
  const substitution = rewritePieces(line.text, readWord(line.text, 0).next)[1]?.value ?? '';
  return PROGRAM.exec(substitution)?.[1];
}

function existingFiles(known: string): readonly Proposal[] {
  if (/%\{(?:REQUEST|SCRIPT)_FILENAME\}\s+!-f/i.test(known)) return [];
  return [{ what: 'files that exist', condition: '%{REQUEST_FILENAME} !-f' }];
}

/** The folders beside the .htaccess, by their URL. */
function folders({ files }: RefactoringPlace, known: string): readonly Proposal[] {
  if (files === undefined || !files.directory.startsWith(files.documentRoot)) return [];
  const url = files.directory.slice(files.documentRoot.length - 1);
  const names = (files.list(files.directory) ?? []).filter((name) => /^[^.\s"'%].*\/$/.test(name));
  return names
    .sort()
    .map((name): Proposal => ({
      what: `the folder ${name}`,
      condition: `%{REQUEST_URI} !^${escaped(url + name)}`,
    }))
    .filter(({ condition }) => !/\s\S*\s/.test(condition) && !known.includes(condition))
    .slice(0, MOST_FOLDERS);
}

const escaped = (path: string): string => path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

function kinds(known: string): readonly Proposal[] {
  const condition = `%{REQUEST_URI} !\\.(?:${STATIC})$ [NC]`;
  return known.includes('%{REQUEST_URI} !\\.(?:')
    ? []
    : [{ what: 'images, styles, scripts and fonts', condition }];
}
