import type { AdviceRule } from '../rule';
import { nodesOf } from '../walk';

/**
 * A conditional section without its closing tag. Apache says nothing while the condition is true, since it forgets the
 * section as soon as it has decided to read its content. On a server where the condition is false (the module is not
 * loaded) the same file answers 500.
 *
 * Bad:
 * ```apache
 * <IfModule mod_rewrite.c>
 * RewriteEngine On
 * ```
 *
 * Good:
 * ```apache
 * <IfModule mod_rewrite.c>
 * RewriteEngine On
 * </IfModule>
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/core.html#ifmodule
 */
export const unclosedSection: AdviceRule = {
  code: 'syntax.unclosed-section',
  title: 'A conditional section is not closed',
  severity: 'warning',
  *check({ tree, verdict, source, lineEnd }) {
    if (!verdict.ok) return;
    const open = [...nodesOf(tree)].flatMap((node) =>
      node.kind === 'section' && node.close === undefined ? [node] : [],
    );
    const conditional = open.filter(({ name }) => CONDITIONAL.has(name.toLowerCase()));
    for (const { name, line } of conditional.slice(0, MOST_SHOWN)) {
      const start = line.pieces[0] === undefined ? line.start : line.pieces[0][1] - line.pieces[0][0];
      const closing = `${source.endsWith('\n') ? '' : lineEnd}</${name}>${lineEnd}`;
      const fix = {
        title: `Close it at the end of the file`,
        edits: [{ start: source.length, end: source.length, text: closing }],
      };
      yield {
        message: `</${name}> is missing. Apache takes the file only because the condition is true on this host; where it is false, it answers 500: "Expected </${name}> before end of configuration".`,
        start,
        end: start + name.length + 1,
        ...(open.length === 1 ? { fix } : {}),
      };
    }
  },
};

/** More in one file are no forgotten tags: the first ones say it all. */
const MOST_SHOWN = 20;

const CONDITIONAL: ReadonlySet<string> = new Set([
  'ifmodule',
  'ifdefine',
  'ifversion',
  'iffile',
  'ifdirective',
  'ifsection',
]);
