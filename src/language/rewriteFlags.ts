/** A flag of RewriteRule or RewriteCond, in our words. */
export interface RewriteFlag {
  /** The short name, as most people write it. */
  readonly name: string;
  readonly long: string;
  /** How its value looks; absent for a flag without one. */
  readonly value?: string;
  readonly meaning: string;
}

/** Flags of RewriteRule, often used ones first. */
export const RULE_FLAGS: readonly RewriteFlag[] = [
  {
    name: 'L',
    long: 'last',
    meaning: 'Ends this round. In a `.htaccess` the changed URL starts a new one; `END` stops for good.',
  },
  {
    name: 'R',
    long: 'redirect',
    value: 'status',
    meaning:
      'Sends the visitor to the new URL: 302, or the given status. A status outside of 300–399 is answered at once.',
  },
  { name: 'NC', long: 'nocase', meaning: 'Compares without regard to upper and lower case.' },
  {
    name: 'QSA',
    long: 'qsappend',
    meaning: "Appends the request's query string to the one of the substitution.",
  },
  {
    name: 'END',
    long: 'END',
    meaning: 'Ends rewriting for this request, also for the rounds that a `.htaccess` would add.',
  },
  { name: 'F', long: 'forbidden', meaning: 'Answers 403 Forbidden.' },
  { name: 'G', long: 'gone', meaning: 'Answers 410 Gone.' },
  {
    name: 'E',
    long: 'env',
    value: 'NAME:value',
    meaning:
      'Sets an environment variable; `E=!NAME` removes one. It is seen as REDIRECT_NAME after an internal redirect.',
  },
  {
    name: 'NE',
    long: 'noescape',
    meaning: 'Does not percent-encode special characters of a redirect, such as `#`.',
  },
  { name: 'QSD', long: 'qsdiscard', meaning: "Drops the request's query string." },
  {
    name: 'PT',
    long: 'passthrough',
    meaning: 'Hands the result on as a URL. In a `.htaccess` that happens anyway.',
  },
  { name: 'S', long: 'skip', value: 'number', meaning: 'Skips the next rules, as many as it says.' },
  {
    name: 'C',
    long: 'chain',
    meaning: 'Ties the next rule to this one: when this one does not match, it is left out.',
  },
  {
    name: 'N',
    long: 'next',
    value: 'rounds',
    meaning: 'Starts again with the first rule. Can loop: give a number.',
  },
  { name: 'P', long: 'proxy', meaning: 'Fetches the substitution through mod_proxy.' },
  {
    name: 'CO',
    long: 'cookie',
    value: 'NAME:value:domain',
    meaning: 'Sets a cookie: name, value, domain, lifetime in minutes, path, secure, httponly, samesite.',
  },
  {
    name: 'H',
    long: 'handler',
    value: 'handler',
    meaning: 'Sets the handler of the file, as SetHandler does.',
  },
  {
    name: 'T',
    long: 'type',
    value: 'media-type',
    meaning: 'Sets the media type of the file, as ForceType does.',
  },
  {
    name: 'B',
    long: 'backrefescaping',
    value: 'characters',
    meaning: 'Percent-encodes back-references before they are put in.',
  },
  { name: 'BNP', long: 'backrefernoplus', meaning: 'With `B`: a blank becomes `%20`, not `+`.' },
  { name: 'BNE', long: 'BNE', value: 'characters', meaning: 'With `B`: characters that are not encoded.' },
  {
    name: 'BCTLS',
    long: 'BCTLS',
    meaning: 'Percent-encodes control characters and blanks in back-references.',
  },
  { name: 'DPI', long: 'discardpath', meaning: 'Drops the path info that an earlier rule left.' },
  { name: 'NS', long: 'nosubreq', meaning: 'Leaves the rule out for internal subrequests.' },
  {
    name: 'QSL',
    long: 'qslast',
    meaning: 'Splits query from path at the last `?` of the substitution instead of the first.',
  },
  {
    name: 'UnsafeAllow3F',
    long: 'UnsafeAllow3F',
    meaning: 'Lets a percent-encoded `?` into the substitution, which is refused otherwise.',
  },
  {
    name: 'UnsafePrefixStat',
    long: 'UnsafePrefixStat',
    meaning: 'Lets a substitution that begins with a reference name a path of the server.',
  },
  { name: 'UNC', long: 'UNC', meaning: 'Keeps more than one slash at the start (Windows shares).' },
];

/** Flags of RewriteCond. */
export const CONDITION_FLAGS: readonly RewriteFlag[] = [
  { name: 'NC', long: 'nocase', meaning: 'Compares without regard to upper and lower case.' },
  { name: 'OR', long: 'ornext', meaning: 'This condition or the next one, instead of both.' },
  { name: 'NV', long: 'novary', meaning: 'Does not add the header that is looked at to Vary.' },
];

/** A flag by its short or long name, in any case. */
export function findFlag(name: string, isCondition: boolean): RewriteFlag | undefined {
  const wanted = name.toLowerCase();
  return (isCondition ? CONDITION_FLAGS : RULE_FLAGS).find(
    (flag) => flag.name.toLowerCase() === wanted || flag.long.toLowerCase() === wanted,
  );
}
