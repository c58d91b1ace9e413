import { readWords } from '../../apache/syntax/words';
import type { ActiveDirective } from '../directives';
import type { AdviceFile } from '../file';
import type { AdviceRule, Finding } from '../rule';

/**
 * SetEnv sets its variable after access control and after mod_rewrite had their turn. A RewriteCond, Require or Allow that
 * asks for it does not see it; one that SetEnvIf sets is there in time.
 *
 * Bad:
 * ```apache
 * SetEnv MAINTENANCE 1
 * RewriteEngine On
 * RewriteCond %{ENV:MAINTENANCE} =1
 * RewriteRule ^ /maintenance.html [END]
 * ```
 *
 * Good:
 * ```apache
 * SetEnvIf Request_URI "^" MAINTENANCE=1
 * RewriteEngine On
 * RewriteCond %{ENV:MAINTENANCE} =1
 * RewriteRule ^ /maintenance.html [END]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_env.html#setenv
 */
export const setEnvTooLate: AdviceRule = {
  code: 'env.set-too-late',
  title: 'A variable of SetEnv is asked for too early',
  severity: 'warning',
  *check(file) {
    const late = setLate(file);
    if (late.size === 0) return;
    for (const directive of file.directives) {
      const pattern = ASKED_BY.get(directive.name);
      if (pattern === undefined) continue;
      for (const match of directive.args.matchAll(pattern)) yield* tooEarly(file, late, directive, match);
    }
  },
};

/** Where the directives name a variable. */
const ASKED_BY: ReadonlyMap<string, RegExp> = new Map([
  ['rewritecond', /%\{ENV:([^}]+)\}/gi],
  ['rewriterule', /%\{ENV:([^}]+)\}/gi],
  ['allow', /\benv=([^\s"]+)/gi],
  ['deny', /\benv=([^\s"]+)/gi],
  ['require', /^(?:not\s+)?env\s+(\S+)/gi],
]);

/** Variables that only SetEnv sets, with its directive. */
function setLate({ directives }: AdviceFile): ReadonlyMap<string, ActiveDirective> {
  const late = new Map<string, ActiveDirective>();
  for (const directive of directives) {
    const name = readWords(directive.args)[0]?.value;
    if (directive.name === 'setenv' && name !== undefined) late.set(name, directive);
  }
  for (const { name, args } of directives) {
    if (!/^(?:setenvif|browsermatch|rewriterule|passenv)/.test(name)) continue;
    for (const [word] of args.matchAll(/[A-Za-z_][\w-]*/g))
      if (late.has(word) && isSetBy(name, word, args)) late.delete(word);
  }
  return late;
}

/** A RewriteRule sets what stands behind `E=`; the others whatever they name. */
function isSetBy(directive: string, word: string, args: string): boolean {
  return (
    directive !== 'rewriterule' ||
    args.includes(`=${word}:`) ||
    args.includes(`=${word}]`) ||
    args.includes(`=${word},`)
  );
}

function* tooEarly(
  file: AdviceFile,
  late: ReadonlyMap<string, ActiveDirective>,
  directive: ActiveDirective,
  match: RegExpExecArray,
): Generator<Finding> {
  const setter = late.get(match[1] ?? '');
  if (setter === undefined) return;
  const start = match.index + match[0].indexOf(match[1] ?? '');
  yield {
    message: `${match[1]} is not set yet when Apache comes here: SetEnv (line ${setter.line.line}) works later. SetEnvIf is early enough.`,
    ...file.spanOf(directive, start, start + (match[1] ?? '').length),
    related: [{ ...file.wholeOf(setter), message: 'Set here.' }],
  };
}
