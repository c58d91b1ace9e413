import type { Command, Refusal } from './define';

/** A check of the cookie's name, the first word of the line; `unwanted` are the characters that it must not have. */
export function checkCookieName(
  unwanted: RegExp,
  named: string,
): (cmd: Command, config: unknown, args: string) => Refusal {
  return (cmd, _config, args) => {
    const name = args.split(/[ \t]+/).find((word) => word !== '') ?? '';
    return name === '' || unwanted.test(name)
      ? `${cmd.name} cannot be empty, or contain ${named}.`
      : undefined;
  };
}

/** A field of a form: it must not have the characters that divide fields. */
export function checkFieldName(cmd: Command, _config: unknown, name: string): Refusal {
  return name === '' || /[=&]/.test(name) ? `${cmd.name} cannot be empty, or contain '=' or '&'.` : undefined;
}
