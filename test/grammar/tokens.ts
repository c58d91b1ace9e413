import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate';

const GRAMMAR = new URL('../../syntaxes/htaccess.tmLanguage.json', import.meta.url).pathname;

/** One coloured piece of a line: its text and its scopes without the root and without `.htaccess`. */
export interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

/** The grammar as VS Code would load it. */
export async function loadHtaccessGrammar(): Promise<IGrammar> {
  const require = createRequire(import.meta.url);
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => createOnigScanner(sources),
      createOnigString: (text) => createOnigString(text),
    }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(GRAMMAR, 'utf8'), GRAMMAR)),
  });
  const grammar = await registry.loadGrammar('source.htaccess');
  if (!grammar) throw new Error('the grammar did not load');
  return grammar;
}

/** The tokens of every line, blanks included. */
export function tokenLines(grammar: IGrammar, text: string): Token[][] {
  let state = INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scopes: scopes.slice(1).map((scope) => scope.replaceAll(/\.htaccess(?= |$)/g, '')),
    }));
  });
}

/** True when, after the text, the next line would start afresh: nothing runs on. */
export function endsClean(grammar: IGrammar, text: string): boolean {
  let state = INITIAL;
  for (const line of text.split('\n')) state = grammar.tokenizeLine(line, state).ruleStack;
  return state.depth === 1;
}
