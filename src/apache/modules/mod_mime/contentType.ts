/** A media type taken apart: `type/subtype` and its parameters in order. */
export interface MediaType {
  readonly base: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const SPACE = '[ \\t\\n\\v\\f\\r]';
const BASE = new RegExp(`^${SPACE}*([^][^/; \\t\\n\\v\\f\\r]*${SPACE}*)/${SPACE}*([^][^; \\t\\n\\v\\f\\r]*)`);
/** A parameter; its value is a token or quoted. */
const PARAMETER =
  /^([!#$%&'*+.0-9A-Z^_`a-z{|}~\- \t\n-]+)=\s*("(?:[^"\\\n\x80-\xff]|\\[\x01-\x7f])*"[ \t\n]*|[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+)(?:;|$)/;

/** Takes a media type apart as mod_mime does (analyze_ct); undefined where it gives up, and leaves the type as it is. */
export function parseMediaType(text: string): MediaType | undefined {
  const found = BASE.exec(text);
  if (found === null) return undefined;
  const [whole, type = '', subtype = ''] = found;
  const base = `${type}/${subtype}`;
  const rest = text.slice(whole.length).trimStart();
  if (rest === '') return { base, parameters: [] };
  const parameters = parseParameters(rest.slice(1).trim());
  return parameters && { base, parameters };
}

function parseParameters(text: string): [name: string, value: string][] | undefined {
  const parameters: [string, string][] = [];
  if (text === '') return undefined;
  for (let rest = text; rest !== '';) {
    // A name without a value at the end is forgotten.
    if (/^[!#$%&'*+.0-9A-Z^_`a-z{|}~\- \t\n]+$/.test(rest)) break;
    const found = PARAMETER.exec(rest);
    const name = found?.[1]?.trim() ?? '';
    if (found === null || name === '') return undefined;
    parameters.push([name, found[2]?.trim() ?? '']);
    rest = rest.slice(found[0].length);
  }
  return parameters;
}

/** A content type written anew, with the charset that AddCharset gives the file. */
export function withCharset(contentType: string, charset: string | undefined): string {
  const parsed = parseMediaType(contentType);
  if (parsed === undefined) return contentType;
  const parts = [parsed.base];
  let isSet = charset === undefined;
  for (const [name, value] of parsed.parameters) {
    if (charset === undefined || name !== 'charset') parts.push(`${name}=${value}`);
    else if (!isSet) parts.push(`charset=${charset}`);
    if (name === 'charset') isSet = true;
  }
  if (!isSet) parts.push(`charset=${charset ?? ''}`);
  return parts.join('; ');
}
