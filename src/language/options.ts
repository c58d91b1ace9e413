/** The words of Options, in our words, often used ones first. */
export const OPTIONS: Readonly<Record<string, string>> = {
  Indexes: 'Lists the files of a folder that has no index file.',
  FollowSymLinks: 'Follows symbolic links. mod_rewrite in a `.htaccess` needs it, or SymLinksIfOwnerMatch.',
  SymLinksIfOwnerMatch:
    'Follows symbolic links whose target belongs to the same user; many hosts allow only this one.',
  ExecCGI: 'Lets files with the handler `cgi-script` or `fcgid-script` be run as programs.',
  MultiViews:
    'Looks for `name.*` where `name` does not exist, and takes the best by language and type. It runs before mod_rewrite and can surprise.',
  Includes: 'Server-side includes, with programs.',
  IncludesNOEXEC: 'Server-side includes, without `exec`.',
  All: 'All but MultiViews. Without `+` or `-` it replaces everything that the server set.',
  None: 'None at all. It replaces everything that the server set.',
};

/** An option by its name in any case, as `[canonical name, meaning]`. */
export function findOption(name: string): readonly [name: string, meaning: string] | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(OPTIONS).find(([option]) => option.toLowerCase() === wanted);
}
