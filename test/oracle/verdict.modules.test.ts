import { describe, expect, it } from 'vitest';
import { readHtaccess } from '../../src/apache/config/judge';
import { hostProfile } from '../../src/apache/host';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { byteStringOf } from '../../src/text/bytes';
import { startJudge } from './apache/judge';
import { wholeDisk } from './apache/whole_disk';
import { fileOf, moduleTexts, someModules } from './generate/modules';
import { realisticFiles } from './generate/realistic';

/** Servers, each with other modules; MODULES_SERVERS asks for more, MODULES_SEED for others. */
const SERVERS = Number(process.env['MODULES_SERVERS'] ?? 6);
const SEED = Number(process.env['MODULES_SEED'] ?? 1);
/** Texts for each of them. */
const CASES = Number(process.env['MODULES_CASES'] ?? 1000);

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' };

const material = {
  directives: ALL_MODULES.flatMap((module) =>
    Object.entries(module.directives).map(([name, { args, where }]) => ({ name, args, where })),
  ).filter(({ name }) => name !== 'LuaRoot' && name !== 'Lua_____ByteCodeHack'),
  samples: realisticFiles().map(({ text }) => text),
  modules: ALL_MODULES.map(({ name }) => name),
};

describe('verdicts of servers that load only some modules', () => {
  it.each(Array.from({ length: SERVERS }, (_, at) => SEED * 1000 + at))(
    `equal Apache's on ${CASES} texts, server %i`,
    async (seed) => {
      const modules = someModules(seed, material.modules);
      const apache = await startJudge({ modules: modules.map(fileOf), environment: ENVIRONMENT });
      try {
        const treeRoot = apache.folderOf();
        const host = hostProfile({ modules, treeRoot, environment: ENVIRONMENT });
        const site = wholeDisk();
        const texts = moduleTexts(CASES, seed, material);
        const verdicts = await apache.judgeAll(texts);
        const differences = texts.flatMap((bytes, at) => {
          const theirs = verdicts[at];
          if (theirs === undefined || theirs.crashed) return [];
          const text = byteStringOf(bytes);
          const { verdict } = readHtaccess(text, host, { directory: `${treeRoot}/`, site });
          const { error } = theirs;
          if (error?.message.startsWith('SSLCACertificate') === true) return [];
          if (verdict.line === (error?.line ?? null) && verdict.message === (error?.message ?? null))
            return [];
          return [
            `${JSON.stringify(text.slice(0, 700))}\n  Apache: ${error === null ? 'ok' : `${error.line}: ${error.message.slice(0, 300)}`}\n  ours:   ${verdict.ok ? 'ok' : `${verdict.line}: ${verdict.message}`}`,
          ];
        });
        if (differences.length > 0) {
          const missing = material.modules.filter((name) => !modules.includes(name)).join(' ');
          throw new Error(
            `${differences.length} differences without ${missing}\n${differences.slice(0, 25).join('\n')}`,
          );
        }
        expect(texts).toHaveLength(CASES);
      } finally {
        await apache.stop();
      }
    },
  );
});
