import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ADVICE, type AdviceRule } from '../../src/advice';

const RULES = new URL('../../src/advice/rules', import.meta.url).pathname;

/** The comment above a rule, taken apart. */
export interface RuleDocumentation {
  readonly rule: AdviceRule;
  /** Markdown, without the stars of the comment. */
  readonly text: string;
  readonly bad: string | undefined;
  readonly good: string | undefined;
  readonly manual: string | undefined;
}

/** The comments of all rules, in the order of the registry. */
export function documentation(): readonly RuleDocumentation[] {
  const sources = readdirSync(RULES).map((name) => readFileSync(join(RULES, name), 'utf8'));
  return ADVICE.map((rule) => {
    const source = sources.find((text) => text.includes(`code: '${rule.code}'`)) ?? '';
    const comment = /\/\*\*\n((?: \*.*\n)*?) \*\/\nexport const /.exec(source)?.[1] ?? '';
    const text = comment.replaceAll(/^ \* ?/gm, '').trim();
    return {
      rule,
      text,
      bad: exampleIn(text, 'Bad'),
      good: exampleIn(text, 'Good'),
      manual: /^Manual: (\S+)$/m.exec(text)?.[1],
    };
  });
}

function exampleIn(text: string, kind: string): string | undefined {
  return new RegExp(`^${kind}[^\n]*:\n\`\`\`apache\n([^]*?)\`\`\``, 'm').exec(text)?.[1];
}

const HEAD = `# Advice on .htaccess files

Apache's own verdict is an error: with one, the server answers 500. What is listed here is advice: Apache takes the file,
but probably does something else than was meant. The editor shows it with the severity below; \`off\` is not shown. For
\`fastcgi check\` all of it is "advice", and no failure. What needs the files around (\`exposure.…\`,
\`rewrite.child-drops-parent\`) is shown by the command only.

A file that Apache refuses gets advice only up to the refused line.

| code | what it finds | severity |
| --- | --- | --- |
`;

/** Where the page lies. */
export const PAGE = new URL('../../docs/advice.md', import.meta.url).pathname;

/** The whole of docs/advice.md, as the project's formatter leaves it. */
export async function advicePage(): Promise<string> {
  const all = documentation();
  const rows = all.map(
    ({ rule }) => `| [\`${rule.code}\`](#${anchorOf(rule.code)}) | ${rule.title} | ${rule.severity} |\n`,
  );
  const chapters = all.map(
    ({ rule, text }) => `\n## ${rule.code}\n\n**${rule.title}** (${rule.severity})\n\n${text}\n`,
  );
  const text = `${HEAD}${rows.join('')}${chapters.join('')}`;
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
