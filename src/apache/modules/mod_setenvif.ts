import { lowerCase } from '../../text/bytes';
import { evaluateExpr, type Expr } from '../expr';
import { patchOf } from '../host';
import type { Regex } from '../regex';
import { exprContext } from '../request/exprContext';
import type { HookResult } from '../request/hooks';
import type { RequestRecord } from '../request/record';
import { Table } from '../request/table';
import type { Change, Comparison } from '../request/trace';
import { readWord } from '../syntax/words';
import { defineModule, type ApacheModule, type Command, type Origin, type Refusal } from './define';
import { groupTexts, NO_GROUPS, substituteGroups, type Groups } from './groups';

/** What a condition looks at: an attribute of the request, one header or variable, or all headers whose name matches. */
type Subject =
  | { readonly kind: 'attribute'; readonly of: (r: RequestRecord) => string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'names'; readonly regex: Regex };

/** The header name of a file's directives, in lower case: one object for all directives of the file that name it. */
interface HeaderName {
  readonly name: string;
}

type Test =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly written: string }
  | {
      readonly kind: 'text';
      readonly header: HeaderName;
      readonly subject: Subject;
      readonly text: string;
      readonly caseless: boolean;
    }
  | {
      readonly kind: 'regex';
      readonly header: HeaderName;
      readonly subject: Subject;
      readonly regex: Regex;
      readonly pattern: string;
      readonly caseless: boolean;
    };

/** A condition and the variables that it sets; a value of `!` takes the variable away. */
interface Conditional {
  readonly test: Test;
  /** Header name, pattern and case: the next directive with the same ones adds to this entry. */
  readonly key: string | undefined;
  readonly variables: Table;
  /** The directives that this entry comes from. */
  readonly sources: Source[];
}

/** One directive, as the trace names it. */
interface Source {
  readonly directive: string;
  readonly args: string;
  readonly origin: Origin;
  /** The variables that it sets or takes away. */
  readonly names: readonly string[];
}

/** mod_setenvif's per-directory configuration. */
export interface SetEnvIfConfig {
  readonly conditionals: Conditional[];
}

const ATTRIBUTES: ReadonlyMap<string, (r: RequestRecord) => string> = new Map([
  ['remote_addr', (r: RequestRecord) => r.host.remoteAddr],
  ['remote_host', (r: RequestRecord) => r.host.remoteAddr],
  ['request_uri', (r: RequestRecord) => r.uri],
  ['request_method', (r: RequestRecord) => r.method],
  ['request_protocol', (r: RequestRecord) => r.protocol],
  ['server_addr', (r: RequestRecord) => r.host.serverAddr],
]);

/** ap_pregsub's limit (AP_PREGSUB_MAXLEN). */
const LONGEST = 65_536;

/** The text that a pattern without special characters stands for; undefined for a real pattern (non_regex_pattern). */
function plainText(pattern: string): string | undefined {
  return /^(?:[^\\^.$|()[\]*+?{}]|\\[\\^.$|()[\]*+?{}])*\\?$/s.test(pattern)
    ? pattern.replaceAll(/\\(.?)/gs, '$1')
    : undefined;
}

function subjectOf(cmd: Command, name: string, caseless: boolean): Subject | undefined {
  const attribute = ATTRIBUTES.get(name.toLowerCase());
  if (attribute !== undefined) return { kind: 'attribute', of: attribute };
  if (/^[-A-Za-z0-9_]*$/.test(name)) return { kind: 'name', name };
  const regex = cmd.compile(name, { caseless });
  return regex && { kind: 'names', regex };
}

function addVariables(cmd: Command, { variables, sources }: Conditional, args: string): Refusal {
  const names: string[] = [];
  let word = readWord(args, 0);
  if (word.value === '') return `Missing envariable expression for ${cmd.name}`;
  for (; word.value !== ''; word = readWord(args, word.next)) {
    const [name = '', ...rest] = word.value.split('=');
    const value = rest.join('=').replace(/^=+/, '');
    names.push(value === '' && name.startsWith('!') ? name.slice(1) : name);
    if (value !== '') variables.set(name, value);
    else if (name.startsWith('!')) variables.set(name.slice(1), '!');
    else variables.set(name, '1');
  }
  sources.push({ directive: cmd.name, args: cmd.directive.args.trim(), origin: cmd.origin, names });
  return undefined;
}

interface Pattern {
  readonly header: HeaderName;
  readonly name: string;
  readonly pattern: string;
  readonly caseless: boolean;
}

function compileTest(cmd: Command, { header, name, pattern, caseless }: Pattern): Test | string {
  const text = plainText(pattern);
  const regex = text === undefined ? cmd.compile(pattern, { caseless }) : undefined;
  if (text === undefined && regex === undefined) return `${cmd.name} regex could not be compiled.`;
  const subject = subjectOf(cmd, name, caseless);
  if (subject === undefined) return `${cmd.name}Header name regex could not be compiled.`;
  return regex === undefined
    ? { kind: 'text', header, subject, text: text ?? '', caseless }
    : { kind: 'regex', header, subject, regex, pattern, caseless };
}

function knownHeader(config: SetEnvIfConfig, name: string): HeaderName | undefined {
  for (const { test } of config.conditionals) {
    if (test.kind !== 'expr' && test.header.name === lowerCase(name)) return test.header;
  }
  return undefined;
}

function addPattern(cmd: Command, config: SetEnvIfConfig, name: string, args: string): Refusal {
  const pattern = readWord(args, 0);
  if (pattern.value === '') return `Missing regular expression for ${cmd.name}`;
  const caseless = cmd.name.endsWith('NoCase');
  const key = JSON.stringify([lowerCase(name), pattern.value, caseless]);
  const rest = args.slice(pattern.next);
  const last = config.conditionals.at(-1);
  if (last?.key === key) return addVariables(cmd, last, rest);
  const header = knownHeader(config, name) ?? { name: lowerCase(name) };
  const test = compileTest(cmd, { header, name, pattern: pattern.value, caseless });
  if (typeof test === 'string') return test;
  const added: Conditional = { test, key, variables: new Table(), sources: [] };
  config.conditionals.push(added);
  return addVariables(cmd, added, rest);
}

function setEnvIf(cmd: Command, config: SetEnvIfConfig, args: string): Refusal {
  const name = readWord(args, 0);
  if (name.value === '') return `Missing header-field name for ${cmd.name}`;
  return addPattern(cmd, config, name.value, args.slice(name.next));
}

function browserMatch(cmd: Command, config: SetEnvIfConfig, args: string): Refusal {
  return addPattern(cmd, config, 'User-Agent', args);
}

function setEnvIfExpr(cmd: Command, config: SetEnvIfConfig, args: string): Refusal {
  const text = readWord(args, 0);
  if (text.value === '') return `Missing expression for ${cmd.name}`;
  const parsed = cmd.parseExpr('SetEnvIfExpr', text.value);
  if ('refusal' in parsed) return parsed.refusal;
  const test = { kind: 'expr', expr: parsed.expr, written: text.value } as const;
  const added: Conditional = { test, key: undefined, variables: new Table(), sources: [] };
  config.conditionals.push(added);
  return addVariables(cmd, added, args.slice(text.next));
}

export const mod_setenvif: ApacheModule<SetEnvIfConfig> = defineModule<SetEnvIfConfig>({
  name: 'mod_setenvif',
  createDirConfig: () => ({ conditionals: [] }),
  mergeDirConfig: (base, add) => ({ conditionals: [...base.conditionals, ...add.conditionals] }),
  directives: {
    SetEnvIf: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'A header-name, regex and a list of variables.',
      summary:
        'Sets environment variables when a request header or attribute matches a regular expression; early enough for rewriting and access control.',
      values: [
        'Remote_Host',
        'Remote_Addr',
        'Server_Addr',
        'Request_Method',
        'Request_Protocol',
        'Request_URI',
      ],
      apply: setEnvIf,
    },
    SetEnvIfNoCase: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'a header-name, regex and a list of variables.',
      summary: 'Like SetEnvIf, without regard to upper and lower case.',
      values: [
        'Remote_Host',
        'Remote_Addr',
        'Server_Addr',
        'Request_Method',
        'Request_Protocol',
        'Request_URI',
      ],
      apply: setEnvIf,
    },
    SetEnvIfExpr: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'an expression and a list of variables.',
      summary: 'Sets environment variables when an expression holds; `$0` to `$9` stand for its last match.',
      apply: setEnvIfExpr,
    },
    BrowserMatch: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'A browser regex and a list of variables.',
      summary: 'Sets environment variables when the User-Agent header matches a regular expression.',
      apply: browserMatch,
    },
    BrowserMatchNoCase: {
      args: 'RAW_ARGS',
      where: ['FileInfo'],
      help: 'A browser regex and a list of variables.',
      summary: 'Like BrowserMatch, without regard to upper and lower case.',
      apply: browserMatch,
    },
  },
  hooks: { headerParser: matchHeaders },
});

/** What one condition leaves for the next: Apache looks a value up anew only when the header's name changes. */
interface Progress {
  value: string;
  lastHeader: HeaderName | undefined;
  groups: Groups;
}

function matchHeaders(r: RequestRecord): HookResult {
  const progress: Progress = { value: '', lastHeader: undefined, groups: NO_GROUPS };
  for (const conditional of r.perDirConfig.get(mod_setenvif)?.conditionals ?? []) {
    const { test, variables } = conditional;
    const groups = holds(r, test, progress);
    traceTest(r, conditional, { groups, subject: progress.value });
    if (groups === false) continue;
    for (const [name, value] of variables.entries()) {
      if (value.startsWith('!')) {
        r.env.unset(name);
        continue;
      }
      const text = groups === 'verbatim' ? value : substituteGroups(value, groups);
      if (text.length >= LONGEST) {
        r.logError(`AH01505: Regular expression replacement failed for '${name}', value too long?`);
        return 500;
      }
      r.env.set(name, text);
    }
  }
  return 'declined';
}

interface Tested {
  readonly groups: Groups | 'verbatim' | false;
  readonly subject: string;
}

/** One step for each directive of the entry. */
function traceTest(
  r: RequestRecord,
  { test, variables, sources }: Conditional,
  { groups, subject }: Tested,
): void {
  if (!r.isTracing) return;
  const result = groups === false ? 'not matched' : 'matched';
  for (const { directive, args, origin, names } of sources) {
    const set = groups === false ? [] : variables.entries().filter(([name]) => names.includes(name));
    r.addTrace({
      module: 'mod_setenvif',
      text: `${directive} ${args} ${result}${test.kind === 'expr' ? '' : `: '${subject}'`}`,
      ...origin,
      event: {
        directive,
        args,
        result,
        comparison: comparisonOf(test, subject),
        ...(groups === false || groups === 'verbatim' ? {} : { captures: groupTexts(groups) }),
        changes: set.map(([name, value]) => variableChange(r, name, { value, groups })),
      },
    });
  }
}

function comparisonOf(test: Test, subject: string): Comparison {
  if (test.kind === 'expr') return { subject: '', pattern: test.written };
  const pattern = test.kind === 'text' ? test.text : test.pattern;
  return { subject, pattern, isCaseless: test.caseless };
}

function variableChange(
  r: RequestRecord,
  name: string,
  { value, groups }: { readonly value: string; readonly groups: Tested['groups'] },
): Change {
  const before = r.env.get(name) ?? null;
  if (value.startsWith('!')) return { what: 'variable', name, before, after: null };
  const isVerbatim = groups === false || groups === 'verbatim';
  return { what: 'variable', name, before, after: isVerbatim ? value : substituteGroups(value, groups) };
}

/** False where the condition does not hold; else the groups for `$0`–`$9`, or that values are taken as they stand. */
function holds(r: RequestRecord, test: Test, progress: Progress): Groups | 'verbatim' | false {
  if (test.kind === 'expr') return exprHolds(r, test.expr, progress);
  if (test.header !== progress.lastHeader) {
    progress.lastHeader = test.header;
    progress.value = valueOf(r, test.subject) ?? '';
  }
  if (test.kind === 'text') {
    const isFound = test.caseless
      ? lowerCase(progress.value).includes(lowerCase(test.text))
      : progress.value.includes(test.text);
    return isFound && 'verbatim';
  }
  const match = test.regex.exec(progress.value);
  if (match === null || match === 'limit') return false;
  progress.groups = { subject: progress.value, match };
  return progress.groups;
}

function exprHolds(r: RequestRecord, expr: Expr, progress: Progress): Groups | 'verbatim' | false {
  const captures: Groups = { subject: progress.value, match: progress.groups.match };
  const result = evaluateExpr(expr, exprContext(r), { captures, patch: patchOf(r.host) });
  for (const name of result.vary) r.headersOut.merge('Vary', name);
  if (result.captures !== undefined) progress.groups = result.captures;
  progress.value = result.captures?.subject ?? '';
  if (result.problem !== undefined) {
    r.logError(`AH03298: Evaluation of expression failed: ${result.problem}`);
    return false;
  }
  return result.value === true && (result.captures ?? 'verbatim');
}

function valueOf(r: RequestRecord, subject: Subject): string | undefined {
  switch (subject.kind) {
    case 'attribute':
      return subject.of(r);
    case 'name':
      return r.headersIn.get(subject.name) ?? r.env.get(subject.name);
    case 'names':
      return r.headersIn.entries().findLast(([name]) => subject.regex.exec(name) instanceof Int32Array)?.[1];
  }
}
