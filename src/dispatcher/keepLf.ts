const ATTRIBUTES = ['*.fcgi text eol=lf', '*.cgi text eol=lf', '.htaccess text eol=lf'];
const SECTION = '[{*.fcgi,*.cgi,.htaccess}]';

/** A `.gitattributes` with the lines that keep LF in every checkout; the same text where it has them. */
export function withGitattributesLines(text: string): string {
  const there = new Set(text.split(/\r?\n/).map((line) => line.trim().replaceAll(/[ \t]+/g, ' ')));
  const missing = ATTRIBUTES.filter((line) => !there.has(line));
  return missing.length === 0 ? text : `${ended(text)}${missing.join('\n')}\n`;
}

/** An `.editorconfig` with the section that makes every editor write LF; the same text where it has one. */
export function withEditorconfigLines(text: string): string {
  if (text.includes(SECTION) || keepsLf(text)) return text;
  const start = text.trim() === '' ? 'root = true\n' : ended(text);
  return `${start}\n${SECTION}\nend_of_line = lf\n`;
}

/** `[*]` already says it, and no section after it says otherwise. */
function keepsLf(text: string): boolean {
  return /^\[\*\][^[]*^\s*end_of_line\s*=\s*lf\s*$/im.test(text) && !/end_of_line\s*=\s*cr/i.test(text);
}

/** With a line end behind the last line. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
