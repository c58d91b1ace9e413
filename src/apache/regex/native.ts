/**
 * Tree -> JavaScript RegExp, for the patterns of which it is certain that both engines match the same. Everything is written out
 * (sets of bytes, both cases of letters), so that no flag and no built-in class of JavaScript decides anything.
 */
import type { CharacterClass, Group, Node, Pattern, Quantified } from './ast';
import { type ByteSet, classSet, otherCase, propertySet, typeSet } from './classes';

/** The source of an equal RegExp without flags, or undefined when there is none that is certain. */
export function nativeSource(pattern: Pattern, dollarEndOnly: boolean): string | undefined {
  const { features, bodyStart } = pattern;
  if (bodyStart > 0 || features.branchReset || features.conditional || features.groupLoops > 0)
    return undefined;
  return new Translator(dollarEndOnly).alternatives(pattern.alternatives);
}

const unsupported = undefined;

class Translator {
  private readonly dollarEndOnly: boolean;
  /** Inside a lookbehind JavaScript matches from right to left: no captures there. */
  private capturesAllowed = true;

  constructor(dollarEndOnly: boolean) {
    this.dollarEndOnly = dollarEndOnly;
  }

  alternatives(alternatives: readonly (readonly Node[])[]): string | undefined {
    if (alternatives.length === 1) return this.sequence(alternatives[0]!);
    const sources: string[] = [];
    for (const items of alternatives) {
      const source = this.sequence(items);
      if (source === undefined) return unsupported;
      sources.push(source);
    }
    return sources.join('|');
  }

  private sequence(items: readonly Node[]): string | undefined {
    let source = '';
    for (const item of items) {
      const part = this.node(item);
      if (part === undefined) return unsupported;
      source += part;
    }
    return source;
  }

  private node(node: Node): string | undefined {
    switch (node.kind) {
      case 'literal':
        return literalSource(node.text, node.caseless);
      case 'dot':
        return node.dotAll ? '[^]' : '[^\\n]';
      case 'type':
        // PCRE2 takes \S for exclusive with \h and \v, which share a byte with it each, and then does not go back.
        return 'hHvV'.includes(node.type) ? unsupported : setSource(typeSet(node.type, false));
      case 'property':
        // PCRE2 takes some complements of properties for exclusive that are not.
        return node.negated ? unsupported : setSource(propertySet(node.name, false));
      case 'class':
        return classSource(node);
      case 'anchor':
        return node.multiline ? unsupported : this.anchor(node.type);
      case 'group':
        return this.group(node);
      case 'quantified':
        return this.quantified(node);
      case 'callout':
      case 'options':
      case 'comment':
        return '';
      default:
        return unsupported;
    }
  }

  private anchor(type: string): string | undefined {
    if (type === '^' || type === 'A') return '^';
    if (type === 'z' || (type === '$' && this.dollarEndOnly)) return '$';
    if (type === '$' || type === 'Z') return '(?=\\n?$)';
    return type === 'b' || type === 'B' ? `\\${type}` : unsupported;
  }

  private group(node: Group): string | undefined {
    switch (node.type) {
      case 'plain':
        return enclose('(?:', this.alternatives(node.alternatives));
      case 'capture':
        return this.capturesAllowed ? enclose('(', this.alternatives(node.alternatives)) : unsupported;
      case 'lookahead':
        return enclose('(?=', this.alternatives(node.alternatives));
      case 'negativeLookahead':
        return enclose('(?!', this.withoutCaptures(node));
      case 'lookbehind':
        return enclose('(?<=', this.withoutCaptures(node));
      case 'negativeLookbehind':
        return enclose('(?<!', this.withoutCaptures(node));
      default:
        return unsupported;
    }
  }

  private withoutCaptures(node: Group): string | undefined {
    const outer = this.capturesAllowed;
    this.capturesAllowed = false;
    const source = this.alternatives(node.alternatives);
    this.capturesAllowed = outer;
    return source;
  }

  private quantified(node: Quantified): string | undefined {
    const { item, min, max, mode } = node;
    if (mode === 'possessive' || max === 0) return unsupported;
    const isGroup = item.kind === 'group';
    // An optional group that can match nothing is set in PCRE2 and unset in JavaScript.
    if (isGroup && ((item.type !== 'plain' && item.type !== 'capture') || minLength(item) === 0))
      return unsupported;
    if (!isGroup && !isSingle(item)) return unsupported;
    const source = this.node(item);
    if (source === undefined) return unsupported;
    return source + quantifierSource(min, max) + (mode === 'lazy' ? '?' : '');
  }
}

function enclose(opening: string, source: string | undefined): string | undefined {
  return source === undefined ? undefined : `${opening}${source})`;
}

function isSingle(node: Node): boolean {
  return ['literal', 'dot', 'type', 'property', 'class'].includes(node.kind);
}

function quantifierSource(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return `{${min},${max}}`;
}

/** The least number of bytes that a group matches; 0 when in doubt. */
function minLength(group: Group): number {
  return Math.min(
    ...group.alternatives.map((items) => items.reduce((sum, item) => sum + nodeMinLength(item), 0)),
  );
}

function nodeMinLength(node: Node): number {
  if (node.kind === 'literal') return node.text.length;
  if (isSingle(node)) return 1;
  if (node.kind === 'quantified') return nodeMinLength(node.item) * node.min;
  return node.kind === 'group' && (node.type === 'plain' || node.type === 'capture') ? minLength(node) : 0;
}

function characterSource(code: number): string {
  const isWord = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isWord ? String.fromCharCode(code) : `\\x${code.toString(16).padStart(2, '0')}`;
}

function literalSource(text: string, caseless: boolean): string {
  let source = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const other = caseless ? otherCase(code) : code;
    source += other === code ? characterSource(code) : `[${characterSource(code)}${characterSource(other)}]`;
  }
  return source;
}

function classSource(node: CharacterClass): string {
  return setSource(classSet(node, false));
}

/** A class of exactly these bytes. */
function setSource(set: ByteSet): string {
  let source = '';
  for (let from = 0; from < 256; from++) {
    if (set[from] === 0) continue;
    let to = from;
    while (to < 255 && set[to + 1] === 1) to++;
    source += characterSource(from) + (to > from ? `-${characterSource(to)}` : '');
    from = to;
  }
  return `[${source}]`;
}
