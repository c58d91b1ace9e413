import type { BinaryNode, ConditionNode, ExprNode, ListNode, Span, UnaryNode, WordNode } from './ast';
import { COMPARE_TOKENS, type ActionName, type Rule } from './grammar';
import type { NameAnswer, NameKind } from './names';

/** A recognised symbol: a token's text, or the node of a rule. */
export interface Part extends Span {
  readonly text: string;
  readonly node: ExprNode | undefined;
}

/** A question about a name that stands in the text. */
export interface ProvideQuery {
  readonly kind: NameKind;
  readonly part: Part;
  readonly argument?: WordNode;
}

/** A recognised rule with its symbols; `provide` looks names up and notes what it refuses. */
export interface Parts {
  readonly rule: Rule;
  readonly parts: readonly Part[];
  readonly span: Span;
  readonly provide: (query: ProvideQuery) => NameAnswer;
}

/** Makes the node of a recognised rule, by the rule's action ('abort' and 'regex' are the parser's own). */
export const BUILDERS: Readonly<Partial<Record<ActionName, (parts: Parts) => ExprNode>>> = {
  'pass first': (parts) => nodeAt(parts, 0),
  'pass second': (parts) => nodeAt(parts, 1),
  literal: ({ rule, span }) => ({ kind: rule.right[0] === 'T_TRUE' ? 'true' : 'false', ...span }),
  not: (parts) => ({ kind: 'not', operand: conditionAt(parts, 1), ...parts.span }),
  logical: (parts) => ({
    kind: parts.rule.right[1] === 'T_OP_OR' ? 'or' : 'and',
    left: conditionAt(parts, 0),
    right: conditionAt(parts, 2),
    ...parts.span,
  }),
  compare: (parts) => ({
    kind: 'compare',
    operator: COMPARE_TOKENS.get(parts.rule.right[1] ?? '') ?? '==',
    left: wordAt(parts, 0),
    right: wordAt(parts, 2),
    ...parts.span,
  }),
  in: (parts) => {
    const haystack = nodeAt(parts, 2) as Extract<ExprNode, { kind: 'list' | 'listCall' }>;
    return { kind: 'in', needle: wordAt(parts, 0), haystack, ...parts.span };
  },
  match: (parts) => {
    const regex = nodeAt(parts, 2) as Extract<ExprNode, { kind: 'regex' }>;
    const negated = parts.rule.right[1] === 'T_OP_NRE';
    return { kind: 'match', negated, subject: wordAt(parts, 0), regex, ...parts.span };
  },
  unary,
  binary,
  list: (parts) => ({ ...(nodeAt(parts, 1) as ListNode), ...parts.span }),
  'first element': (parts) => ({ kind: 'list', elements: [wordAt(parts, 0)], ...parts.span }),
  'next element': nextElement,
  'list call': (parts) => {
    const argument = wordAt(parts, 2);
    const { fields } = named(parts, 0, { kind: 'listFunction', argument });
    return { kind: 'listCall', ...fields, argument, ...parts.span };
  },
  'concat parts': (parts) => concat(parts, 1),
  'concat words': (parts) => concat(parts, 2),
  string: ({ parts, span }) => ({ kind: 'string', value: parts[0]?.text ?? '', ...span }),
  digit: ({ parts, span }) => ({ kind: 'digit', value: parts[0]?.text ?? '', ...span }),
  'empty string': ({ span }) => ({ kind: 'string', value: '', ...span }),
  variable: (parts) => ({ kind: 'variable', ...named(parts, 1, { kind: 'variable' }).fields, ...parts.span }),
  'function in braces': (parts) => call(parts, 1, 3),
  function: (parts) => call(parts, 0, 2),
  backreference: ({ parts, span }) => ({ kind: 'backreference', group: Number(parts[0]?.text), ...span }),
};

/** The node of one symbol of a rule; the grammar decides which kind it is. */
function nodeAt({ parts }: Parts, at: number): ExprNode {
  return parts[at]?.node as ExprNode;
}

function wordAt(parts: Parts, at: number): WordNode {
  return nodeAt(parts, at) as WordNode;
}

function conditionAt(parts: Parts, at: number): ConditionNode {
  return nodeAt(parts, at) as ConditionNode;
}

/** Name fields of a node, and whether the name is known. */
function named(parts: Parts, at: number, query: Omit<ProvideQuery, 'part'>) {
  const part = parts.parts[at] as Part;
  const answer = parts.provide({ ...query, part });
  const known = 'found' in answer;
  const fields = { name: part.text, nameStart: part.end - part.text.length, known };
  return { fields, subnet: known ? answer.subnet : undefined };
}

function call(parts: Parts, name: number, at: number): ExprNode {
  const argument = wordAt(parts, at);
  return {
    kind: 'call',
    ...named(parts, name, { kind: 'function', argument }).fields,
    argument,
    ...parts.span,
  };
}

function unary(parts: Parts): UnaryNode {
  const argument = wordAt(parts, 1);
  const { fields, subnet } = named(parts, 0, { kind: 'unary', argument });
  return { kind: 'unary', ...fields, argument, subnet, ...parts.span };
}

function binary(parts: Parts): BinaryNode {
  const right = wordAt(parts, 2);
  const { fields, subnet } = named(parts, 1, { kind: 'binary', argument: right });
  return { kind: 'binary', ...fields, left: wordAt(parts, 0), right, subnet, ...parts.span };
}

/** Adds to the growing list in place, so that a long list takes linear time. */
function nextElement(parts: Parts): ListNode {
  const elements = (nodeAt(parts, 0) as ListNode).elements as WordNode[];
  elements.push(wordAt(parts, 2));
  return { kind: 'list', elements, ...parts.span };
}

function concat(parts: Parts, right: number): ExprNode {
  return { kind: 'concat', left: wordAt(parts, 0), right: wordAt(parts, right), ...parts.span };
}
