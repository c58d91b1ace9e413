import { defineModule, type Command, type Refusal } from './define';
import { readInteger } from './numbers';
import { lookup } from '../../text/lookup';

/** The parts of `s/from/to/flags` by its own delimiter; undefined for what is missing. */
function partsOf(line: string): readonly (string | undefined)[] {
  const delimiter = line[1];
  if (delimiter === undefined) return [];
  const [from, to, ...flags] = line.slice(2).split(delimiter);
  return [from, to, flags.length > 0 ? flags.join(delimiter) : undefined];
}

function substitute(cmd: Command, _config: unknown, line: string): Refusal {
  if (!/^s/i.test(line)) return 'Bad Substitute format, must be an s/// pattern';
  const [from, to, flags = ''] = partsOf(line);
  if (from === undefined || from === '' || to === undefined)
    return 'Bad Substitute format, must be a complete s/// pattern';
  if (/[^infq]/i.test(flags)) return 'Bad Substitute flag, only s///[infq] are supported';
  if (/n/i.test(flags)) return undefined;
  const regex = cmd.compile(from, { caseless: /i/i.test(flags) });
  return regex === undefined ? 'Substitute could not compile regex' : undefined;
}

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1024n,
  m: 1_048_576n,
  g: 1_073_741_824n,
};

function maxLineLength(_cmd: Command, _config: unknown, text: string): Refusal {
  const { value, rest, isOutOfRange } = readInteger(text);
  const unit = lookup(UNITS, rest.toLowerCase());
  if (isOutOfRange || unit === undefined || value < 0n)
    return "SubstituteMaxLineLength must be a non-negative integer optionally suffixed with 'b', 'k', 'm' or 'g'.";
  return value * unit > LARGEST ? 'SubstituteMaxLineLength value too large' : undefined;
}

/** The largest apr_off_t. */
const LARGEST = 0x7fff_ffff_ffff_ffffn;

export const mod_substitute = defineModule({
  name: 'mod_substitute',
  directives: {
    Substitute: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Pattern to filter the response content (s/foo/bar/[inf])',
      summary:
        'Replaces text in responses that pass the SUBSTITUTE filter, as `s/from/to/` with the flags i, n, f and q.',
      apply: substitute,
    },
    SubstituteMaxLineLength: {
      args: 'TAKE1',
      where: ['FileInfo'],
      help: 'Maximum line length',
      since: 11,
      summary: 'How long a line may be in which Substitute replaces text.',
      apply: maxLineLength,
    },
    SubstituteInheritBefore: {
      args: 'FLAG',
      where: ['FileInfo'],
      help: 'Apply inherited patterns before those of the current context',
      since: 17,
      summary: 'Whether the Substitute lines of outer folders come before those of this one.',
      apply: () => undefined,
    },
  },
});
