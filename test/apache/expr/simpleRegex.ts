import type { RegexCompiler } from '../../../src/apache/expr';

/** Compiles patterns that mean the same to PCRE2 and to JavaScript, so that the evaluator's tests stand apart from the regex room. */
export const simpleRegexCompiler: RegexCompiler = (pattern, options) => {
  const flags = `ds${options.caseless ? 'i' : ''}`;
  const groupCount = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
  const exec = (subject: string) => {
    const indices = new RegExp(pattern, flags).exec(subject)?.indices;
    return indices ? Int32Array.from(indices.flatMap((pair) => pair ?? [-1, -1])) : null;
  };
  return { pattern, groupCount, groupNames: new Map(), exec };
};
