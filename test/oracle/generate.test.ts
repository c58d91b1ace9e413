import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApache } from './apache';
import { findApxs } from './apache/build';
import { startJudge, type Judge } from './apache/judge';
import { startOracle } from './apache/oracle';
import { takeHtaccessTexts, type HtaccessMaterial } from './generate/htaccess';
import { realisticFiles } from './generate/realistic';
import { takeRequestPairs } from './generate/requests';

const canRun = hasApache().available && findApxs() !== undefined;

const MATERIAL: HtaccessMaterial = {
  directives: [
    { name: 'RewriteEngine', args: 'FLAG' },
    { name: 'ErrorDocument', args: 'TAKE2' },
    { name: '<Files', args: 'RAW_ARGS' },
    { name: '<If', args: 'RAW_ARGS' },
    { name: '<IfModule', args: 'TAKE1' },
  ],
  samples: realisticFiles().map((file) => file.text),
};

describe('the generators', () => {
  it('give the same sequence for the same seed, and another for another', () => {
    expect(takeHtaccessTexts(50, 3, MATERIAL)).toEqual(takeHtaccessTexts(50, 3, MATERIAL));
    expect(takeHtaccessTexts(50, 3, MATERIAL)).not.toEqual(takeHtaccessTexts(50, 4, MATERIAL));
    expect(takeRequestPairs(50, 3)).toEqual(takeRequestPairs(50, 3));
    expect(takeRequestPairs(50, 3)).not.toEqual(takeRequestPairs(50, 4));
  });

  it('use only the modules that are asked for', () => {
    const pairs = takeRequestPairs(200, 5, { modules: new Set(['mod_rewrite']) });
    const text = JSON.stringify(pairs);
    expect(text).toContain('RewriteRule');
    expect(text).not.toMatch(/Header|SetEnv|DirectoryIndex/);
  });
});

describe.skipIf(!canRun)('generated material before Apache', () => {
  let judge: Judge;

  beforeAll(async () => {
    judge = await startJudge();
  });
  afterAll(() => judge.stop());

  it('the realistic files are accepted where all modules are loaded', async () => {
    const files = realisticFiles();
    const verdicts = await judge.judgeAll(files.map((file) => file.text));
    const refused = files.filter((_file, index) => verdicts[index]?.error).map((file) => file.name);
    // FcgidWrapper wants its program to be there.
    expect(refused).toEqual(['php-fastcgi-wrapper']);
  });

  it('the generated texts are a mixture of accepted and refused ones', async () => {
    const verdicts = await judge.judgeAll(takeHtaccessTexts(500, 1, MATERIAL));
    const refused = verdicts.filter((verdict) => verdict.error !== null).length;
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(450);
    const messages = verdicts.map((verdict) => verdict.error?.message.replace(/['"].*/, ''));
    expect(new Set(messages).size).toBeGreaterThan(25);
  });

  it('the generated pairs lead to every kind of outcome', async () => {
    const oracle = await startOracle();
    const outcomes = await oracle.run(takeRequestPairs(1200, 1));
    await oracle.stop();
    const statuses = new Set(outcomes.map((outcome) => outcome?.status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 301, 302, 400, 403, 404, 410, 500]));
    const ofRules = outcomes.filter((outcome) => outcome && outcome.trace.length > 0).length;
    expect(ofRules).toBeGreaterThan(400);
    const refusedFiles = outcomes.filter((outcome) =>
      outcome?.messages.some(({ level, text }) => level === 1 && text.includes('.htaccess: ')),
    );
    expect(refusedFiles.length).toBeLessThan(400);
  });
});
