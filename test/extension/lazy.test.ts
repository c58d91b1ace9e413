import { build } from 'esbuild';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** The extension as it is bundled, in which the body of ssh2 only notes that it has been run. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/extension/main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'note-ssh2',
        setup: (bundling) => {
          bundling.onLoad({ filter: /node_modules\/ssh2\/lib\/index\.js$/ }, () => ({
            contents:
              'evaluated.push("ssh2"); module.exports = { utils: {}, BaseAgent: class {}, Client: class {} };',
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/** Anything that is asked of it is a function and a class whose members are the same again. */
function anything(): unknown {
  // Called, constructed and extended alike.
  const stub = function stub(): void {};
  return new Proxy(stub, {
    get: (target, name, receiver) =>
      Reflect.has(target, name) ? Reflect.get(target, name, receiver) : anything(),
  });
}

describe('loading the extension', () => {
  it('does not run ssh2, which only a connection needs', async () => {
    const text = await bundle();
    expect(text).toContain('evaluated.push("ssh2")');
    const evaluated: string[] = [];
    const ownRequire = createRequire(import.meta.url);
    // The bundle copies what a module has of its own and keeps its prototype: that is where anything is found.
    const load = (name: string): unknown =>
      name === 'vscode' ? Object.create(anything() as object) : ownRequire(name);
    const module = { exports: {} as { activate?: unknown } };
    // oxlint-disable-next-line typescript/no-implied-eval -- the bundle is our own
    const run = new Function('require', 'module', 'exports', 'evaluated', text);
    run(load, module, module.exports, evaluated);
    expect(module.exports.activate).toBeTypeOf('function');
    expect(evaluated).toEqual([]);
  });
});
