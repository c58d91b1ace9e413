import type { Regex, RegexMatch } from '../regex';

export function compile(pattern: string, options: { readonly caseless?: boolean } = {}): Regex | undefined {
  try {
    const native = new RegExp(pattern, options.caseless === true ? 'dsi' : 'ds');
    return {
      pattern,
      groupCount: new RegExp(`${pattern}|`).exec('')?.length ?? 1,
      groupNames: new Map(),
      exec(subject): RegexMatch | null {
        const found = native.exec(subject);
        return found === null
          ? null
          : Int32Array.from((found.indices ?? []).flatMap((pair) => pair ?? [-1, -1]));
      },
    };
  } catch {
    return undefined;
  }
}
