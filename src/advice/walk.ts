import type { HtaccessTree, Node, SectionNode } from '../apache/syntax/tree';

/** Every node of a tree in the order of the file, without recursion. */
export function* nodesOf(tree: HtaccessTree): Generator<Node> {
  const waiting: Node[] = [...tree.children].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    if (node.kind !== 'section') continue;
    for (let at = node.children.length - 1; at >= 0; at--) waiting.push(node.children[at] as Node);
  }
}

/** Where the lines begin that stand in a section of which `isWanted` says so; name in lower case. */
export function linesBelow(
  tree: HtaccessTree,
  isWanted: (name: string, args: string) => boolean,
): ReadonlySet<number> {
  const found = new Set<number>();
  const waiting = tree.children.map((node) => ({ node, isInside: false }));
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const { node, isInside } = item;
    if (isInside) found.add(node.line.start);
    if (node.kind !== 'section') continue;
    const opens = isInside || isWanted(node.name.toLowerCase(), node.line.text.slice(node.argumentsAt));
    for (const child of node.children) waiting.push({ node: child, isInside: opens });
  }
  return found;
}

/** The section that each line stands in, as it is written, by where the line begins; none at the top. */
export function sectionsAround(tree: HtaccessTree): ReadonlyMap<number, SectionNode> {
  const around = new Map<number, SectionNode>();
  for (const node of nodesOf(tree))
    if (node.kind === 'section') for (const { line } of node.children) around.set(line.start, node);
  return around;
}
