import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { HtaccessDocument, usageIn } from '../../src/language';
import { SAMPLE_USAGE, shareOf } from '../../src/language/usage';
import { labelsAt } from './marked';

const SAMPLES = new URL('../oracle/fixtures/realistic/', import.meta.url);
const SOURCE = fileURLToPath(new URL('../../src/language/usage.ts', import.meta.url));

function samples(): HtaccessDocument[] {
  const names = readdirSync(SAMPLES).filter((name) => name.endsWith('.htaccess'));
  return names.map((name) => new HtaccessDocument(readFileSync(new URL(name, SAMPLES), 'utf8')));
}

test('the table is counted over the samples; UPDATE_GOLDEN=1 writes it anew', () => {
  const { files, counts } = usageIn(samples());
  const often = Object.entries(counts);
  often.sort(([one, few], [other, many]) => many - few || one.localeCompare(other, 'en'));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const rows = often.map(([name, count]) => `${/^\w+$/.test(name) ? name : `'${name}'`}: ${count}`);
    const table = `{\n  files: ${files},\n  counts: { ${rows.join(', ')} },\n}; // prettier-ignore`;
    const source = readFileSync(SOURCE, 'utf8');
    writeFileSync(
      SOURCE,
      source.replace(/(?<=SAMPLE_USAGE: Usage = )\{[^;]*;(?: \/\/ prettier-ignore)?/, () => table),
    );
  } else {
    expect(SAMPLE_USAGE).toEqual({ files, counts: Object.fromEntries(often) });
  }
});

describe('the order of directives', () => {
  test('is by use in the samples, then by the alphabet', () => {
    const labels = labelsAt('|').filter((label) => !label.startsWith('<'));
    expect(labels.slice(0, 3).sort()).toEqual(['RewriteCond', 'RewriteEngine', 'RewriteRule']);
    // Nobody should write an Order any more, though old samples hold some.
    const shares = labels.map((label) => shareOf(SAMPLE_USAGE, label)).filter((share) => share > 0.15);
    expect(shares).toEqual([...shares].sort((one, other) => other - one));
    expect(labels.indexOf('Order')).toBeGreaterThan(labels.indexOf('Redirect'));
    const unused = labels.filter((label) => /^Add(?:Alt|Module|InputFilter)/.test(label));
    expect(unused).toEqual([...unused].sort());
  });

  test('brings to the front what the site uses', () => {
    const used = usageIn([new HtaccessDocument('SSLOptions +StrictRequire\nsslverifyclient none\n')]);
    expect(labelsAt('|', undefined, used)).not.toEqual(labelsAt('|'));
    expect(labelsAt('|', undefined, used).slice(0, 5)).toEqual(
      expect.arrayContaining(['SSLOptions', 'SSLVerifyClient']),
    );
  });
});
