import type { HostProfile } from '../apache/host';
import { memorySite, type MemoryEntry } from '../apache/memorySite';
import { evaluate } from '../apache/request';
import type { Answer, Outcome } from '../apache/request/outcome';
import { byteStringOfText } from '../text/bytes';
import { folderOf } from './names';

/** .htaccess files by their path relative to the document root. */
export type SiteText = ReadonlyMap<string, Uint8Array>;

/** Which requests get to a program. */
export interface Routes {
  /** Who answers the program's own address. */
  readonly own: Answer;
  /** Of some addresses that name no file, those that the program answers. */
  readonly reached: readonly string[];
}

/** mod_fastcgi's handler routes as mod_fcgid's does; the evaluator knows the latter. */
function asFcgid(htaccess: Uint8Array): Buffer {
  const text = Buffer.from(htaccess).toString('latin1');
  return Buffer.from(text.replace(/\bfastcgi-script\b/gi, 'fcgid-script'), 'latin1');
}

/** What Apache would do with requests to a site of some .htaccess files and one program, whose path is relative to the document root. */
export function routesTo(of: {
  files: SiteText;
  program: string;
  host: HostProfile;
  /** Further programs that exist. */
  others?: readonly string[];
}): Routes {
  const { files, program, host, others = [] } = of;
  const tree: Record<string, MemoryEntry> = {};
  for (const [path, bytes] of files) tree[path] = { base64: asFcgid(bytes).toString('base64') };
  for (const path of [program, ...others]) tree[path] = { text: '#!/bin/sh\n', mode: '755' };
  const site = memorySite(tree, { treeRoot: host.treeRoot });
  const ask = (target: string): Outcome =>
    evaluate({
      request: { method: 'GET', target, headers: [['Host', host.serverName]] },
      site,
      host,
      documentRoot: host.treeRoot,
      trace: false,
    });
  const file = `${host.treeRoot}/${byteStringOfText(program)}`;
  const folder = folderOf(program);
  const base = folder === '' ? '/' : `/${folder}/`;
  const addresses = [base, `${base}no-such-page`, `${base}no/such/page?x=1`, `/no-such-page`].map(encodeURI);
  const reached = addresses.filter((target) => {
    const { answer } = ask(target);
    return answer.kind === 'handler' && answer.file === file;
  });
  return { own: ask(encodeURI(`/${program}`)).answer, reached };
}
