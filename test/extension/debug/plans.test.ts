import { describe, expect, it } from 'vitest';
import {
  perlPlan,
  phpPlan,
  pythonConfiguration,
  pythonPreparation,
  rubyPlan,
} from '../../../src/extension/debug/plans';

const input = { name: 'a.fcgi', dispatcher: '/site/a.fcgi', port: 4711 };

describe('the start of a program under its debugger', () => {
  it('Python connects to the adapter and waits for it, with its own options kept', () => {
    const start = {
      language: 'python',
      command: ['/venv/bin/python3', '-u'],
      script: ['/site/a.fcgi'],
    } as const;
    const { command, environment } = pythonPreparation({ ...input, start }, '/lib/debugpy');
    expect(command?.slice(0, 4)).toEqual(['/venv/bin/python3', '-u', '-Xfrozen_modules=off', '-c']);
    expect(command?.slice(5)).toEqual([
      '/lib',
      '--connect',
      '127.0.0.1:4711',
      '--wait-for-client',
      '--configure-subProcess',
      'false',
      '/site/a.fcgi',
    ]);
    expect(environment).toEqual({ PYDEVD_DISABLE_FILE_VALIDATION: '1' });
    expect(pythonPreparation({ ...input, start }, '/lib/debugpy', '/other/python').command?.[0]).toBe(
      '/other/python',
    );
    expect(pythonConfiguration('a', false)).toEqual({
      type: 'debugpy',
      request: 'attach',
      name: 'a',
      listen: { host: '127.0.0.1', port: 0 },
      justMyCode: false,
      subProcess: false,
    });
  });

  it('PHP asks Xdebug to connect with every request', () => {
    const start = { language: 'php', command: ['/usr/bin/php-cgi'], script: ['/site/a.fcgi'] } as const;
    const { configuration, preparation } = phpPlan({ ...input, start });
    expect(preparation.command?.join(' ')).toBe(
      '/usr/bin/php-cgi -d xdebug.mode=debug -d xdebug.start_with_request=yes -d xdebug.client_host=127.0.0.1 -d xdebug.client_port=4711 /site/a.fcgi',
    );
    expect(configuration).toMatchObject({ type: 'php', request: 'launch', port: 4711 });
    const alone = { language: 'php', command: ['php-cgi', '-d', 'a=b'], script: [] } as const;
    expect(phpPlan({ ...input, start: alone }).preparation.command?.join(' ')).toMatch(
      /^php-cgi -d a=b -d xdebug\.mode=debug .* -d xdebug\.client_port=4711$/,
    );
  });

  it('Perl and Ruby are told by variables', () => {
    const perl = perlPlan({
      ...input,
      start: { language: 'perl', command: ['perl'], script: ['/site/a.fcgi'] },
    });
    expect(perl.preparation).toEqual({
      environment: { PERL5OPT: '-d', PERLDB_OPTS: 'RemotePort=127.0.0.1:4711' },
    });
    expect(perl.configuration).toMatchObject({ type: 'perl', console: 'remote', port: 4711 });
    const ruby = rubyPlan({
      ...input,
      start: { language: 'ruby', command: ['ruby'], script: ['/site/a.fcgi'] },
    });
    expect(ruby.preparation.environment).toMatchObject({ RUBYOPT: '-rdebug/open', RUBY_DEBUG_PORT: '4711' });
    expect(ruby.configuration).toMatchObject({
      type: 'rdbg',
      request: 'attach',
      debugPort: '127.0.0.1:4711',
    });
  });
});
