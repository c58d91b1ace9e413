import { environmentVariable } from '../../request/cgiVariables';
import type { RequestRecord } from '../../request/record';
import { SERVER_VARIABLES } from '../../request/variables';
import type { FormatTag } from './config';
import { lookup } from '../../../text/lookup';

const MICROSECONDS = 1_000_000;

const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');

/** A variable as mod_ssl's look-up gives it; without mod_ssl there is none. */
function sslVariable(r: RequestRecord, name: string): string {
  if (!r.host.modules.includes('mod_ssl')) return '(null)';
  const value = SERVER_VARIABLES.get(name.toUpperCase())?.(r) ?? '';
  return value === '' ? '(null)' : oneLine(value);
}

/**
 * The tags of a format string by their letter. What the server measures while it answers (duration, load, workers) is
 * not known here and shown as nothing measured.
 */
const TAGS: Readonly<Record<string, (argument: string) => FormatTag>> = {
  D: () => () => 'D=0',
  t: () => (r) => `t=${r.evaluation.time * MICROSECONDS}`,
  e: (name) => (r) => oneLine(environmentVariable(r, name) ?? '(null)'),
  s: (name) => (r) => sslVariable(r, name),
  l: () => () => 'l=0.00/0.00/0.00',
  i: () => () => 'i=0',
  b: () => () => 'b=1',
};

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', r: '\r', n: '\n', t: '\t' };

function constant(text: string): FormatTag {
  return () => text;
}

function plain(text: string): FormatTag {
  return constant(text.replaceAll(/\\([\\rnt])/g, (all, letter: string) => ESCAPES[letter] ?? all));
}

/** Takes a format string apart (parse_format_string); Apache's refusal for a tag that it does not know. */
export function parseFormat(text: string): readonly FormatTag[] | string {
  const tags: FormatTag[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] !== '%') {
      const end = text.indexOf('%', at);
      tags.push(plain(text.slice(at, end < 0 ? text.length : end)));
      if (end < 0) break;
      at = end;
    }
    const tag = readTag(text, at + 1);
    if (typeof tag === 'string') return tag;
    tags.push(tag.tag);
    at = tag.next;
  }
  return tags;
}

function readTag(text: string, start: number): { readonly tag: FormatTag; readonly next: number } | string {
  if (start >= text.length || text[start] === '%') return { tag: constant('%'), next: start + 1 };
  let at = start;
  let argument = '';
  if (text[at] === '{') {
    const found = /^([^}]*)\}*/.exec(text.slice(at + 1));
    argument = found?.[1] ?? '';
    at += 1 + (found?.[0].length ?? 0);
  }
  const letter = text[at] ?? '';
  const make = lookup(TAGS, letter);
  return make === undefined ? `Unrecognized header format %${letter}` : { tag: make(argument), next: at + 1 };
}
