import type { DispatcherCheck, Finding } from '../problem';
import { isPlainCode, rubyLines } from '../ruby';

/** Gone names, since when, and what to write. */
const GONE: readonly { readonly form: RegExp; readonly since: string; readonly instead: string }[] = [
  { form: /\b(?:::)?(File|Dir|FileTest)\.exists\?/, since: '3.2', instead: 'exist?' },
  { form: /(?<![\w:'"])(?:Fixnum|Bignum)\b(?!\s*=)/, since: '3.2', instead: 'Integer' },
];

/**
 * Ruby 3.2 took away names that had been warned of for years: `File.exists?` and `Dir.exists?` (now `exist?`), `Fixnum` and
 * `Bignum` (now `Integer`). A program that uses them ends with NoMethodError or NameError, and Apache answers 500. The new
 * names are known to every Ruby since 2.4.
 *
 * Bad: `File.exists?('a.txt')`. Good: `File.exist?('a.txt')`.
 */
export const rubyRemoved: DispatcherCheck = {
  code: 'ruby.removed',
  title: 'Names that Ruby no longer has',
  severity: 'warning',
  check(file) {
    return rubyLines(file)?.flatMap((one): Finding[] =>
      GONE.flatMap(({ form, since, instead }): Finding[] => {
        const found = form.exec(one.text);
        if (!found || !isPlainCode(one, found.index)) return [];
        const { line } = one;
        const text = found[1] === undefined ? instead : `${found[1]}.${instead}`;
        const range = {
          start: { line, character: found.index },
          end: { line, character: found.index + found[0].length },
        };
        const message = `Ruby ${since} and newer do not have ${found[0]}: the program ends with an error, and Apache answers 500. Write ${text}.`;
        return [
          { message, range, fix: { kind: 'change', title: `Write ${text}`, changes: [{ range, text }] } },
        ];
      }),
    );
  },
};
