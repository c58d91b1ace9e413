import { CompletionItemKind } from 'vscode-languageserver';
import type { RegisteredDirective } from '../../apache/config/registry';
import type { HostProfile } from '../../apache/host';
import { ALL_MODULES } from '../../apache/modules/all';
import type { SectionNode } from '../../apache/syntax/tree';
import { readWord } from '../../apache/syntax/words';
import { textOfByteString } from '../../text/bytes';
import { CATALOG, standingOf } from '../catalog';
import type { Cursor } from '../cursor';
import { syntaxOf, usualName } from '../directiveText';
import type { Entry } from '../document';
import { SAMPLE_USAGE, shareOf, type Usage } from '../usage';
import type { CompletionContext, Proposal } from './proposal';

/** Proposals for the first word of a line. */
export function nameProposals(cursor: Cursor, word: string, context: CompletionContext): Proposal[] {
  const closing = closingTag(cursor);
  if (word.startsWith('</')) return closing;
  const wanted = byUse(allowedHere(cursor, context.host), context.usage);
  const sections = wanted.filter(({ name }) => name.startsWith('<'));
  const tags = sections.map((one) => sectionProposal(one, cursor, context));
  if (word.startsWith('<')) return [...tags, ...closing];
  const directives = wanted.filter(({ name }) => !name.startsWith('<'));
  return [...directives.map((one) => directiveProposal(one)), ...tags, ...closing];
}

/** The tag that closes the innermost section around the cursor; nothing where that one is closed already. */
function closingTag({ entry, section }: Cursor): Proposal[] {
  const node = section?.node as SectionNode | undefined;
  if (node === undefined || (node.close !== undefined && node.close !== entry?.line)) return [];
  const label = `</${textOfByteString(node.name)}>`;
  return [{ label, kind: CompletionItemKind.Module, detail: `closes line ${node.line.firstLine}` }];
}

/**
 * What the samples and this site use most comes first, the rest by the alphabet. What should not be written any more is not
 * helped by the samples, which hold old files too.
 */
function byUse(found: readonly RegisteredDirective[], site: Usage): readonly RegisteredDirective[] {
  const scores = new Map(
    found.map(({ name, directive }) => {
      const usual = directive.deprecated === undefined ? shareOf(SAMPLE_USAGE, name) : 0;
      return [name, usual + shareOf(site, name)];
    }),
  );
  const score = ({ name }: RegisteredDirective): number => scores.get(name) ?? 0;
  return [...found].sort((one, other) => score(other) - score(one));
}

/** Directives that the host takes where the cursor stands, by the alphabet. */
function allowedHere({ section }: Cursor, host: HostProfile): readonly RegisteredDirective[] {
  const missing = modulesAskedFor(section, host);
  const usual = missing.size === 0 ? usable(host) : inOrder(host, missing);
  if (!isInRequireSection(section)) return usual;
  return usual.filter(({ name }) => REQUIRE_CONTENT.test(name));
}

const usableOn = new WeakMap<HostProfile, readonly RegisteredDirective[]>();

/** What the host takes anywhere, worked out once for each profile. */
function usable(host: HostProfile): readonly RegisteredDirective[] {
  const known = usableOn.get(host);
  if (known !== undefined) return known;
  const made = inOrder(host, new Set());
  usableOn.set(host, made);
  return made;
}

function inOrder(host: HostProfile, missing: ReadonlySet<string>): RegisteredDirective[] {
  const found = [...CATALOG.values()].flatMap((records) => {
    const taken = records.find((one) => isTaken(one, host, missing));
    return taken === undefined ? [] : [taken];
  });
  return found.sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

const REQUIRE_CONTENT = /^(?:Require|<Require(?:All|Any|None))$/;

function isTaken(one: RegisteredDirective, host: HostProfile, missing: ReadonlySet<string>): boolean {
  const standing = standingOf(one, host);
  return standing === 'fine' || (standing === 'module-missing' && missing.has(one.module.name));
}

/** Modules that the host lacks and that a section around the cursor asks for: nothing in it can be wrong there. */
function modulesAskedFor(section: Entry | undefined, host: HostProfile): Set<string> {
  const asked = new Set<string>();
  for (let around = section; around !== undefined; around = around.parent) {
    const { line, node } = around;
    if ((node as SectionNode).name.toLowerCase() !== 'ifmodule') continue;
    const name = readWord(line.text, readWord(line.text, 0).next).value.replace(/>$/, '');
    const module = ALL_MODULES.find((one) => `${one.name}.c` === name || one.identifier === name);
    if (module !== undefined && !host.modules.includes(module.name)) asked.add(module.name);
  }
  return asked;
}

function isInRequireSection(section: Entry | undefined): boolean {
  for (let around = section; around !== undefined; around = around.parent) {
    const name = (around.node as SectionNode).name.toLowerCase();
    if (/^require(?:all|any|none)$/.test(name)) return true;
    if (!name.startsWith('if')) return false;
  }
  return false;
}

function directiveProposal(registered: RegisteredDirective): Proposal {
  const { directive, module } = registered;
  const name = usualName(registered.name);
  const takesArguments = directive.args !== 'NO_ARGS';
  return {
    label: name,
    kind: directive.args === 'FLAG' ? CompletionItemKind.Property : CompletionItemKind.Keyword,
    detail: module.name,
    isDeprecated: directive.deprecated !== undefined,
    data: { directive: name },
    ...(takesArguments ? { text: `${name} `, goesOn: true } : {}),
  };
}

function sectionProposal(
  registered: RegisteredDirective,
  cursor: Cursor,
  context: CompletionContext,
): Proposal {
  const { name, module } = registered;
  const isWritten =
    (cursor.entry?.node as SectionNode | undefined)?.close !== undefined && cursor.entry?.kind === 'section';
  const bare = name.slice(1);
  const hasArgument = name !== '<Else' && !/^<Require(?:All|Any|None)$/.test(name);
  const common = {
    label: name,
    kind: CompletionItemKind.Module,
    detail: syntaxOf(registered),
    data: { directive: name },
  };
  if (isWritten) return common;
  if (!context.snippets)
    return { ...common, detail: module.name, text: hasArgument ? `${name} ` : `${name}>` };
  const argument = hasArgument ? ` ${ARGUMENTS[name] ?? '$1'}` : '';
  return { ...common, text: `<${bare}${argument}>\n\t$0\n</${bare}>`, isSnippet: true };
}

/** What stands between the brackets at first. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  '<IfModule': '${1:mod_rewrite.c}',
  '<Files': '"${1:name}"',
  '<FilesMatch': '"${1:\\\\.(bak|old)\\$}"',
  '<If': '"${1:%{HTTP_HOST\\} == \'example.com\'}"',
  '<ElseIf': '"${1:%{HTTP_HOST\\} == \'example.com\'}"',
  '<Limit': '${1:GET POST}',
  '<LimitExcept': '${1:GET POST}',
};
