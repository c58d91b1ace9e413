import { ALL_MODULES } from '../../../src/apache/modules/all';
import { BUILT_IN } from '../apache/modules';
import type { OraclePair } from '../apache/oracle';
import { byteStringOf, bytesOf } from '../../../src/text/bytes';
import { directiveTexts } from './directives';
import { mixedTexts, type MixedMaterial } from './mixed';
import { Random } from './random';

/** What a Debian server has without LoadModule, and what no server of ours goes without. */
const ALWAYS: ReadonlySet<string> = new Set([...BUILT_IN, 'prefork', 'mod_authz_core']);

/** Modules that do not start without others. */
const NEEDS: readonly (readonly [module: RegExp, needed: readonly string[]])[] = [
  [/^mod_proxy_/, ['mod_proxy']],
  [/^mod_proxy_(?:balancer|hcheck)$|^mod_lbmethod_/, ['mod_proxy', 'mod_proxy_balancer', 'mod_slotmem_shm']],
  [/^mod_heart/, ['mod_slotmem_shm']],
  [/^mod_dav_/, ['mod_dav']],
  [/^mod_cache_/, ['mod_cache']],
  [/^mod_session_/, ['mod_session']],
  [/^mod_auth_form$/, ['mod_session', 'mod_request']],
  [/^mod_authnz_ldap$/, ['util_ldap']],
  [/_dbd$/, ['mod_dbd']],
  [/^mod_md$/, ['mod_ssl']],
];

/** A random part of all modules that starts. */
export function someModules(seed: number, all: readonly string[]): string[] {
  const random = new Random(seed * 7919 + 3);
  const share = random.pick([0.15, 0.5, 0.5, 0.85]);
  const chosen = new Set(all.filter((name) => ALWAYS.has(name) || random.chance(share)));
  for (const name of chosen)
    for (const [module, needed] of NEEDS) if (module.test(name)) for (const one of needed) chosen.add(one);
  return all.filter((name) => chosen.has(name));
}

/** A module goes by its source file, its library not always. */
export const fileOf = (module: string): string => (module === 'util_ldap' ? 'mod_ldap' : module);

/** The pairs without the lines of their `.htaccess` that a server with these modules would refuse for their names. */
export function* readablePairs(
  pairs: Generator<OraclePair>,
  modules: ReadonlySet<string>,
): Generator<OraclePair> {
  const missing = ALL_MODULES.filter(({ name }) => !modules.has(name));
  const names = new Set(missing.flatMap(({ directives }) => Object.keys(directives).map(plainName)));
  const known = new Map<OraclePair['files'], OraclePair['files']>();
  for (const pair of pairs) {
    const files = known.get(pair.files) ?? readableFiles(pair.files, names);
    known.set(pair.files, files);
    yield { ...pair, files };
  }
}

const plainName = (name: string): string => name.replace('<', '').toLowerCase();

function readableFiles(files: OraclePair['files'], names: ReadonlySet<string>): OraclePair['files'] {
  const isReadable = (line: string): boolean => !names.has(plainName(/^\s*<?\/?(\w*)/.exec(line)?.[1] ?? ''));
  const entries = Object.entries(files).map(([path, entry]) => {
    if (!path.endsWith('.htaccess') || typeof entry !== 'string') return [path, entry] as const;
    const lines = entry.replaceAll('\\\n', ' ').split('\n');
    return [path, lines.filter(isReadable).join('\n')] as const;
  });
  return Object.fromEntries(entries);
}

/** What the texts are made of. */
export interface ModuleMaterial extends MixedMaterial {
  readonly modules: readonly string[];
}

/** Texts of all kinds, many of them in sections that ask for modules, directives or sections. The same seed gives the same texts. */
export function moduleTexts(count: number, seed: number, material: ModuleMaterial): Uint8Array[] {
  const random = new Random(seed * 104_729 + 11);
  const half = Math.floor(count / 2);
  const texts = [
    ...directiveTexts(count - half, seed, material.directives),
    ...mixedTexts(half, seed, material),
  ];
  return texts.map((bytes) =>
    random.chance(0.5) ? bytesOf(asking(random, byteStringOf(bytes), material)) : bytes,
  );
}

/** The text in a section, or behind one, that only some servers read. */
function asking(random: Random, text: string, { modules, directives }: ModuleMaterial): string {
  const module = random.pick(modules);
  const test = random.weighted([
    { weight: 4, make: () => ['IfModule', `${module}.c`] },
    { weight: 3, make: () => ['IfModule', `${module.replace(/^mod_/, '')}_module`] },
    {
      weight: 1,
      make: () => ['IfModule', random.pick([module, `${module}.C`, `"${module}.c"`, 'MOD_ENV.C'])],
    },
    { weight: 3, make: () => ['IfDirective', random.pick(directives).name.replace('<', '')] },
    { weight: 1, make: () => ['IfSection', random.pick(directives).name.replace('<', '')] },
  ]);
  const [name = '', argument = ''] = test.make();
  const line = `${random.pick(directives).name.replace('<', '')} ${random.pick(['On', 'x', '/x', ''])}`;
  const inside = random.chance(0.6) ? text : `${line}\n`;
  const open = `<${name} ${random.maybe(0.35, '!')}${argument}>`;
  return `${open}\n${inside}${inside.endsWith('\n') ? '' : '\n'}</${name}>\n${inside === text ? line : text}\n`;
}
