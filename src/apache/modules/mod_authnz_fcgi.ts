import { defineModule, type Command, type Refusal } from './define';

const DIRECTIVE = 'AuthnzFcgiCheckAuthnProvider';

/** The name of a provider, and options with a value each (fcgi_check_authn_provider). */
function checkAuthnProvider(cmd: Command, _config: unknown, values: readonly string[]): Refusal {
  const [name, ...options] = values;
  if (name === undefined) return `${DIRECTIVE}: No provider given`;
  if (name.toLowerCase() === 'none' && options.length > 0) return 'Options aren\'t supported with "None"';
  for (let at = 0; at < options.length; at += 2) {
    const option = options[at] ?? '';
    const value = options[at + 1];
    // The blank is missing in Apache's own words.
    if (value === undefined) return `${DIRECTIVE}: ${option}needs an argument`;
    const refusal = checkOption(cmd, option, value);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkOption(cmd: Command, option: string, value: string): Refusal {
  switch (option.toLowerCase()) {
    case 'authoritative':
    case 'requirebasicauth':
      return ['on', 'off'].includes(value.toLowerCase())
        ? undefined
        : `${DIRECTIVE}: Bad argument '${value}' to option '${option}'`;
    case 'defaultuser':
      return undefined;
    case 'userexpr': {
      const parsed = cmd.parseExpr(DIRECTIVE, value);
      return 'refusal' in parsed ? parsed.refusal : undefined;
    }
    default:
      return `${DIRECTIVE}: Unexpected option '${option}'`;
  }
}

export const mod_authnz_fcgi = defineModule({
  name: 'mod_authnz_fcgi',
  directives: {
    AuthnzFcgiDefineProvider: {
      args: 'TAKE_ARGV',
      where: ['RSRC_CONF'],
      help: 'Define a FastCGI authn and/or authz provider',
      summary: 'Names a FastCGI program that decides on users.',
    },
    AuthnzFcgiCheckAuthnProvider: {
      args: 'TAKE_ARGV',
      where: ['FileInfo'],
      help: 'Enable/disable a FastCGI authorizer to handle check_authn phase',
      summary: 'Lets a FastCGI program that the server defined find out who the visitor is.',
      apply: checkAuthnProvider,
    },
  },
});
