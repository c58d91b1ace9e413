import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  COMMANDS,
  CONTEXT_KEYS,
  FOREIGN_CONTAINERS,
  LANGUAGES,
  SETTINGS,
  VIEW_CONTAINERS,
  VIEWS,
} from '../src/extension/manifest';
import { dirname, normalize } from 'node:path/posix';

const ROOT = new URL('..', import.meta.url).pathname;

/** Rooms from top to bottom: a file may import from its own room and from the rooms named here, all of them below. */
const PURE_FLOOR = ['text'] as const;
const HTACCESS = ['apache', ...PURE_FLOOR] as const;
const PURE = {
  diagnosis: ['errorlog', ...HTACCESS, 'project'],
  language: ['advice', 'dispatcher', 'errorlog', 'project', 'urls', ...HTACCESS],
  advice: ['dispatcher', ...HTACCESS],
  dispatcher: [...HTACCESS],
  errorlog: ['project', ...HTACCESS],
  project: [...HTACCESS],
  urls: ['fastcgi', ...HTACCESS],
  fastcgi: [...HTACCESS],
  apache: [...PURE_FLOOR],
  text: [],
} as const satisfies Record<string, readonly string[]>;
const ALL_PURE = Object.keys(PURE);

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  extension: ['panels', 'server', 'doctor', 'runner', 'deploy', 'remote', 'codeCache', ...ALL_PURE],
  panels: [],
  cli: ['server', 'doctor', 'runner', 'deploy', 'remote', 'codeCache', ...ALL_PURE],
  server: ['codeCache', ...ALL_PURE],
  doctor: ['runner', 'deploy', 'remote', ...ALL_PURE],
  runner: [...ALL_PURE],
  deploy: ['remote', ...ALL_PURE],
  remote: [...ALL_PURE],
  codeCache: [],
  ...PURE,
};

/** Rooms that may use Node's own modules. */
const WITH_NODE = ['extension', 'cli', 'server', 'doctor', 'runner', 'deploy', 'remote', 'codeCache'];

/** Packages that belong to one room (or two). All others may be used wherever the room's kind allows. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  vscode: ['extension'],
  'vscode-languageclient': ['extension'],
  'vscode-languageserver': ['server', 'language'],
  'vscode-languageserver-textdocument': ['server', 'language'],
  ssh2: ['remote'],
  valibot: ['project'],
};

/** What a pure room must not touch: clocks, chance, the process, the screen, the network. */
const IMPURE =
  /(?<![\w.$'"`])(?:Date\.now\(|new Date\(\)|Math\.random\(|console\.|performance\.|globalThis\b|setTimeout\(|setInterval\(|setImmediate\(|fetch\(|process\.(?:env|argv|cwd|exit|platform|std|on|hrtime|nextTick|version))/;

interface SourceFile {
  /** Relative to src/, with slashes. */
  readonly path: string;
  readonly room: string;
  readonly text: string;
}

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path): SourceFile => {
    const slashed = path.replaceAll('\\', '/');
    return {
      path: slashed,
      room: slashed.split('/')[0] ?? '',
      text: withoutComments(readFileSync(join(ROOT, 'src', path), 'utf8')),
    };
  });

/** Comments become blank; a `//` inside a string (an address) stays because it follows a colon. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`\\/])\/\/[^\n]*/g, '$1');
}

/** Every module that a file names, for values or types, statically or not. */
function importsOf({ text }: SourceFile): string[] {
  const forms = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
}

/** The room that a relative import leads to. */
function roomOf(from: SourceFile, target: string): string {
  return normalize(join(dirname(from.path), target)).split('/')[0] ?? '';
}

function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Why an import is not allowed; undefined where it is. */
function refusal(file: SourceFile, target: string): string | undefined {
  if (target.startsWith('.')) {
    const room = roomOf(file, target);
    return room === file.room || ROOMS[file.room]?.includes(room) ? undefined : `${file.room}/ -> ${room}/`;
  }
  if (target.startsWith('node:')) {
    const allowed = WITH_NODE.includes(file.room) && basename(file.path) !== 'browser.ts';
    return allowed ? undefined : `${file.room}/ -> ${target}`;
  }
  const owners = PACKAGES[packageOf(target)];
  return owners && !owners.includes(file.room) ? `${file.room}/ -> package ${target}` : undefined;
}

describe('imports', () => {
  test('every file lies in a room of the table', () => {
    expect(
      [...new Set(sources.map(({ room }) => room))].filter((room) => !Object.hasOwn(ROOMS, room)),
    ).toEqual([]);
  });

  test('the table itself has no way up', () => {
    const order = Object.keys(ROOMS);
    const upward = Object.entries(ROOMS).flatMap(([room, below]) =>
      below.filter((one) => order.indexOf(one) <= order.indexOf(room)).map((one) => `${room} -> ${one}`),
    );
    expect(upward).toEqual([]);
  });

  test('arrows go down only, vscode stays in extension/, node:* in the rooms that may', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file).flatMap((target) => {
        const reason = refusal(file, target);
        return reason === undefined ? [] : [`src/${file.path}: ${reason}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('a built-in module is named with node:', () => {
    const builtIn =
      /^(?:fs|path|os|net|http|https|child_process|crypto|stream|util|events|url|zlib|tls|dns)(?:\/|$)/;
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => builtIn.test(target))
        .map((target) => `src/${file.path}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('a forbidden import would be found', () => {
    const file: SourceFile = { path: 'apache/a.ts', room: 'apache', text: '' };
    expect(refusal(file, '../language/b')).toBe('apache/ -> language/');
    expect(refusal(file, 'node:fs')).toBe('apache/ -> node:fs');
    expect(refusal(file, 'vscode')).toBe('apache/ -> package vscode');
    expect(refusal(file, '../text/bytes')).toBeUndefined();
    expect(importsOf({ ...file, text: "export type { A } from './a';\nimport('./b')" })).toEqual([
      './a',
      './b',
    ]);
  });
});

describe('notifications', () => {
  test('are shown when they will be seen: by src/extension/notifications.ts alone', () => {
    const direct = /\bwindow\s*\.\s*(?:show(?:Error|Warning|Information)Message|withProgress)\b/;
    const wrong = sources.filter(({ text }) => direct.test(text)).map(({ path }) => path);
    expect(wrong).toEqual(['extension/notifications.ts']);
  });
});

describe('pure rooms', () => {
  test('touch no clock, no chance, no process and no console', () => {
    const wrong = sources
      .filter(({ room }) => ALL_PURE.includes(room))
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .filter((line) => IMPURE.test(line))
          .map((line) => `src/${path}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  test('an impure line would be found', () => {
    const impure = ['const now = Date.now();', '  console.log(1)', 'f(process.env)', 'x = Math.random()'];
    expect(impure.filter((line) => !IMPURE.test(line))).toEqual([]);
    expect(IMPURE.test("'the process. ended'")).toBe(false);
  });
});

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; title: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Record<string, unknown>>> };
    readonly viewsContainers: Readonly<Record<string, readonly { id: string }[]>>;
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
    readonly languages: readonly { id: string }[];
    readonly grammars: readonly { language: string; path: string }[];
  };
}

const manifestText = readFileSync(join(ROOT, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const strings = JSON.parse(readFileSync(join(ROOT, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { contributes } = manifest;

describe('package.json and src/extension/manifest.ts', () => {
  test('commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  test('commands that are kept out of the palette', () => {
    const hidden = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'false');
    const expected = Object.entries(COMMANDS).filter(([, { palette }]) => !palette);
    expect(hidden.map(({ command }) => command).sort()).toEqual(expected.map(([id]) => id).sort());
  });

  test('menus name commands that exist', () => {
    const named = Object.values(contributes.menus)
      .flat()
      .map(({ command }) => command);
    expect(named.filter((command) => !Object.hasOwn(COMMANDS, command))).toEqual([]);
  });

  test('settings, with their types, defaults and scopes', () => {
    const found = Object.entries(contributes.configuration.properties).map(([id, one]) => [
      id,
      { type: one['type'], default: one['default'], scope: one['scope'] },
    ]);
    expect(Object.fromEntries(found)).toEqual(SETTINGS);
  });

  test('views and their containers', () => {
    const containers = Object.values(contributes.viewsContainers)
      .flat()
      .map(({ id }) => id);
    expect(containers.sort()).toEqual(Object.values(VIEW_CONTAINERS).sort());
    const holders = [...Object.values(VIEW_CONTAINERS), ...Object.values(FOREIGN_CONTAINERS)];
    expect(Object.keys(contributes.views).sort()).toEqual(holders.sort());
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    expect(views.sort()).toEqual(Object.values(VIEWS).sort());
  });

  test('context keys', () => {
    const ids = new Set([...Object.keys(COMMANDS), ...Object.keys(SETTINGS), ...Object.values(VIEWS)]);
    const conditions = [...manifestText.matchAll(/"(?:when|enablement)": "([^"]*)"/g)].map(
      (match) => match[1] ?? '',
    );
    const keys = conditions.flatMap((condition) => condition.match(/\bfastcgi\.[\w.]+/g) ?? []);
    const used = new Set(keys.filter((key) => !ids.has(key)));
    expect([...used].sort()).toEqual(Object.values(CONTEXT_KEYS).sort());
  });

  test('languages', () => {
    const known: readonly string[] = Object.values(LANGUAGES);
    const activating = manifest.activationEvents.flatMap(
      (event) => /^onLanguage:(.*)$/.exec(event)?.[1] ?? [],
    );
    const contributed = contributes.languages.map(({ id }) => id).filter((id) => id !== 'jsonc');
    expect([...contributed, ...activating].sort()).toEqual([...known].sort());
    expect(contributes.grammars.map(({ language }) => language)).toEqual([
      LANGUAGES.htaccess,
      LANGUAGES.urls,
    ]);
  });

  test('every %key% has a text and every text is used', () => {
    const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');
    expect([...new Set(used)].sort()).toEqual(Object.keys(strings).sort());
  });
});
