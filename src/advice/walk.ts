import type { HtaccessTree, Node } from '../apache/syntax/tree';

/** Every node of a tree in the order of the file, without recursion. */
export function* nodesOf(tree: HtaccessTree): Generator<Node> {
  const waiting: Node[] = [...tree.children].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    if (node.kind !== 'section') continue;
    for (let at = node.children.length - 1; at >= 0; at--) waiting.push(node.children[at] as Node);
  }
}
