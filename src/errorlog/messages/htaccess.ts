import { known, type Fix, type KnownMessage } from './known';

const EVERY = 'Every request below this folder gets a 500';

/** Goes to the file; Apache's messages about a .htaccess at a request name no line. */
const open = (path: string): readonly Fix[] => [{ kind: 'open', path }, { kind: 'doctor' }];

/** What Apache says when it refuses a .htaccess (config.c of 2.4): `PATH/.htaccess: MESSAGE`. */
export const htaccessMessages: readonly KnownMessage[] = [
  known(
    'htaccess.invalid-command',
    'cause',
    /^(.+?): Invalid command '(.*?)', perhaps misspelled/,
    ([file = '', word]) => ({
      summary: `${EVERY}: ${file} contains "${word}", which Apache does not know.`,
      cause:
        'A misspelled directive, a directive of a module that the host does not load, or invisible characters (BOM) before the first word.',
      remedy: 'Correct the line, or put it between <IfModule …> and </IfModule>.',
      script: file,
      fixes: open(file),
    }),
  ),
  known(
    'htaccess.option-not-allowed',
    'cause',
    /^(.+?): Option (\S+) not allowed here/,
    ([file = '', word]) => ({
      summary: `${EVERY}: ${file} sets the option ${word}, which the host does not allow.`,
      cause: "The host's AllowOverride lets only some options through.",
      remedy: 'Remove the option from the line.',
      script: file,
      fixes: open(file),
    }),
  ),
  known(
    'htaccess.not-allowed',
    'cause',
    /^(.+?): (\S+) not allowed (?:here|within .+)/,
    ([file = '', word]) => ({
      summary: `${EVERY}: ${file} contains ${word}, which may not stand there.`,
      cause:
        "The directive belongs into the server's own configuration, or the host's AllowOverride forbids it.",
      remedy: 'Remove the line; ask the host whether AllowOverride can be extended.',
      script: file,
      fixes: open(file),
    }),
  ),
  known(
    'fcgid.wrapper-missing',
    'cause',
    /^(.+?): Wrapper (.+) cannot be accessed: (.+)/,
    ([file = '', program]) => ({
      summary: `${EVERY}: ${file} names the wrapper ${program}, which is not there.`,
      cause: 'The path after FcgidWrapper is wrong, or not visible to the web server.',
      remedy: 'Correct the path.',
      script: file,
      fixes: open(file),
    }),
  ),
  known(
    'htaccess.not-closed',
    'cause',
    /^(.+?): (<\S+?>?) (?:was not closed|without matching .+)/,
    ([file = '', section]) => ({
      summary: `${EVERY}: in ${file}, ${section} has no other half.`,
      cause: 'A section is opened and not closed, or closed and not opened.',
      remedy: 'Add the missing line, or remove the one too many.',
      script: file,
      fixes: open(file),
    }),
  ),
  known(
    'htaccess.refused',
    'cause',
    /^(\/\S*?\.htaccess|\S*\/\.htaccess): (.+)/,
    ([file = '', words = '']) => ({
      summary: `${EVERY}: Apache refuses ${file}: ${words}`,
      cause: 'A line of the file is wrong, for this version and these modules of Apache.',
      remedy: 'Correct the line; the editor shows it when the host is described in the project file.',
      script: file,
      fixes: open(file),
    }),
  ),
];
