import { defineModule, type Command, type Refusal } from './define';

const BACKENDS = ['Generic', 'FPM'];

function setVariable(
  cmd: Command,
  _config: unknown,
  condition: string,
  name: string,
  value: string | undefined,
): Refusal {
  const tested = cmd.parseExpr('ProxyFCGISetEnvIf condition', condition);
  if ('refusal' in tested) return tested.refusal;
  if (name.startsWith('!')) {
    if (value !== undefined) {
      return `Third argument ("${value}") is not allowed when using ProxyFCGISetEnvIf's unset mode (${name})`;
    }
    return name === '!' ? 'ProxyFCGISetEnvIf: "!" is not a valid variable name' : undefined;
  }
  const parsed = cmd.parseExpr('ProxyFCGISetEnvIf value', value ?? '');
  return 'refusal' in parsed ? parsed.refusal : undefined;
}

export const mod_proxy_fcgi = defineModule({
  name: 'mod_proxy_fcgi',
  directives: {
    ProxyFCGIBackendType: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: "Specify the type of FastCGI server: 'Generic', 'FPM'",
      summary: 'Says whether the FastCGI server is PHP-FPM, which wants some variables in another form.',
      values: BACKENDS,
      since: 26,
      apply(_cmd, _config, value) {
        if (BACKENDS.some((backend) => backend.toLowerCase() === value.toLowerCase())) return undefined;
        return "ProxyFCGIBackendType requires one of the following arguments: 'GENERIC', 'FPM'";
      },
    },
    ProxyFCGISetEnvIf: {
      args: 'TAKE23',
      where: ['FileInfo'],
      help: 'expr-condition env-name expr-value',
      summary:
        'Sets, changes or removes a variable that a FastCGI server behind the proxy gets, where a condition holds.',
      since: 26,
      apply: setVariable,
    },
  },
});
