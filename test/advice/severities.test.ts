import { describe, expect, test } from 'vitest';
import schema from '../../media/fastcgi.schema.json';
import manifest from '../../package.json';
import { ADVICE, advise } from '../../src/advice';
import { hostProfile } from '../../src/apache/host';
import { ADVICE_LEVELS } from '../../src/project';

/** What an editor may propose for each code. */
const described = Object.fromEntries(
  ADVICE.map(({ code, title, severity }) => [
    code,
    { enum: [...ADVICE_LEVELS], default: severity, description: title },
  ]),
);

describe('how loudly advice is shown', () => {
  test('the setting of the editor knows every code', () => {
    const setting = manifest.contributes.configuration.properties['htaccess.advice.severity'];
    expect(setting.properties).toEqual(described);
  });

  test('the schema of the project file knows every code', () => {
    expect(schema.properties.advice.properties).toEqual(described);
  });

  test.each(ADVICE_LEVELS)('%s', (level) => {
    const found = advise('Redirect /old?a=1 /new\n', hostProfile(), {
      severities: { 'redirect.query-in-path': level },
    });
    expect(found.map(({ severity }) => severity)).toEqual(level === 'off' ? [] : [level]);
  });
});
