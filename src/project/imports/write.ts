import { parseJson, type JsonNode } from '../json';
import type { TargetInput } from '../schema';

/** One insertion into a text. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** Names of the targets that a project file has, whether they can be used or not. */
export function targetNames(text: string): ReadonlySet<string> {
  const targets = memberOf(parseJson(text).root, 'targets');
  return new Set(targets?.kind === 'object' ? targets.members.map((member) => member.name) : []);
}

/**
 * How targets are added to the text of a project file, everything in it left as it is. An empty text becomes a new file; undefined
 * where the text is no JSON object, or its `targets` is none.
 */
export function addTargets(
  text: string,
  added: readonly (readonly [string, TargetInput])[],
): Insertion | undefined {
  const { root, problems } = parseJson(text);
  const entries = added.map(([name, target]) => `${JSON.stringify(name)}: ${pretty(target, '    ')}`);
  const list = (indent: string) => entries.map((entry) => `\n${indent}${entry}`).join(',');
  const block = `"targets": {${list('    ')}\n  }`;
  if (text.trim() === '') return { offset: text.length, text: `{\n  ${block}\n}\n` };
  if (root?.kind !== 'object' || problems.length > 0) return undefined;
  const targets = memberOf(root, 'targets');
  if (targets === undefined) return inside(root, `\n  ${block}`, root.members.length > 0 ? ',' : '\n');
  if (targets.kind !== 'object') return undefined;
  return inside(targets, list('    '), targets.members.length > 0 ? ',' : '\n  ');
}

function inside(node: JsonNode, text: string, end: string): Insertion {
  return { offset: node.start + 1, text: text + end };
}

function pretty(value: unknown, indent: string): string {
  return JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${indent}`);
}

function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.findLast((member) => member.name === name)?.value : undefined;
}
