import type { Regex } from '../regex';
import type { Subnet } from './subnet';

/** Where a node stands in the text of the expression: [start, end) in bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Operators that compare two words: by number (`-eq` and its old spellings) or byte by byte (`==`, `<` …). */
export type CompareOperator =
  '-eq' | '-ne' | '-lt' | '-le' | '-gt' | '-ge' | '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Something with a name that a module provides. `known` is false only in trees of refused expressions. */
interface Named extends Span {
  readonly name: string;
  readonly nameStart: number;
  readonly known: boolean;
}

export interface VariableNode extends Named {
  readonly kind: 'variable';
}

/** `%{func:arg}` and `func(arg)`. */
export interface CallNode extends Named {
  readonly kind: 'call';
  readonly argument: WordNode;
}

export interface ConcatNode extends Span {
  readonly kind: 'concat';
  readonly left: WordNode;
  readonly right: WordNode;
}

export interface BackreferenceNode extends Span {
  readonly kind: 'backreference';
  readonly group: number;
}

export interface TextNode extends Span {
  readonly kind: 'string' | 'digit';
  readonly value: string;
}

/** What has a string as its value. */
export type WordNode = TextNode | VariableNode | CallNode | ConcatNode | BackreferenceNode;

/** `{ word, word }`; elements in the order of the text (Apache compares them from the last to the first). */
export interface ListNode extends Span {
  readonly kind: 'list';
  readonly elements: readonly WordNode[];
}

export interface ListCallNode extends Named {
  readonly kind: 'listCall';
  readonly argument: WordNode;
}

export interface RegexNode extends Span {
  readonly kind: 'regex';
  readonly pattern: string;
  readonly caseless: boolean;
  readonly regex: Regex | undefined;
}

export interface LiteralNode extends Span {
  readonly kind: 'true' | 'false';
}

export interface NotNode extends Span {
  readonly kind: 'not';
  readonly operand: ConditionNode;
}

export interface LogicalNode extends Span {
  readonly kind: 'or' | 'and';
  readonly left: ConditionNode;
  readonly right: ConditionNode;
}

export interface CompareNode extends Span {
  readonly kind: 'compare';
  readonly operator: CompareOperator;
  readonly left: WordNode;
  readonly right: WordNode;
}

export interface InNode extends Span {
  readonly kind: 'in';
  readonly needle: WordNode;
  readonly haystack: ListNode | ListCallNode;
}

export interface MatchNode extends Span {
  readonly kind: 'match';
  readonly negated: boolean;
  readonly subject: WordNode;
  readonly regex: RegexNode;
}

export interface UnaryNode extends Named {
  readonly kind: 'unary';
  readonly argument: WordNode;
  /** The network of `-R`. */
  readonly subnet: Subnet | undefined;
}

export interface BinaryNode extends Named {
  readonly kind: 'binary';
  readonly left: WordNode;
  readonly right: WordNode;
  /** The network of `-ipmatch`. */
  readonly subnet: Subnet | undefined;
}

/** What is true or false. */
export type ConditionNode =
  LiteralNode | NotNode | LogicalNode | CompareNode | InNode | MatchNode | UnaryNode | BinaryNode;

export type ExprNode = ConditionNode | WordNode | ListNode | ListCallNode | RegexNode;

/** A parsed expression: a condition, or a text with variables in it. */
export type Expr =
  | { readonly mode: 'condition'; readonly root: ConditionNode; readonly text: string }
  | { readonly mode: 'string'; readonly root: WordNode; readonly text: string };

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: ExprNode): readonly ExprNode[] {
  switch (node.kind) {
    case 'not':
      return [node.operand];
    case 'or':
    case 'and':
    case 'compare':
    case 'concat':
    case 'binary':
      return [node.left, node.right];
    case 'in':
      return [node.needle, node.haystack];
    case 'match':
      return [node.subject, node.regex];
    case 'unary':
    case 'call':
    case 'listCall':
      return [node.argument];
    case 'list':
      return node.elements;
    default:
      return [];
  }
}

/** Every node of a tree, parents first. Without recursion: Apache's trees may be thousands of levels deep. */
export function* nodesOf(root: ExprNode): Generator<ExprNode> {
  const waiting: ExprNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    const children = childrenOf(node);
    for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at] as ExprNode);
  }
}
