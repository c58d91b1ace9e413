import { core } from '../modules/core';
import { mod_expires } from '../modules/mod_expires';
import { mod_headers } from '../modules/mod_headers';
import { takeHead, type ProgramHead } from './cgiHead';
import { contentTypeWithCharset } from './handlers';
import { hooksOf, runAll } from './hooks';
import { possibleFilters } from './outputFilters';
import { hookTable } from './process';
import { RequestRecord } from './record';
import { setContentHeaders, uniqueVary } from './responseHeaders';
import { Table } from './table';

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * All headers of a program's answer and of directives, Content-Type too. `page`: those of the page that Apache sends in place of the
 * answer, without its Content-Type and Location.
 */
export type HeadersFor = (head: ProgramHead, instead?: 'page') => Headers;

/**
 * What directives make of a program's headers, once they are known: as the request is now, before any filter has had its turn.
 * Undefined where they add and change nothing.
 */
export function headersForProgram(r: RequestRecord): HeadersFor | undefined {
  if (isLeftAlone(r)) return undefined;
  const { contentType } = r;
  const [headersOut, errHeadersOut] = [r.headersOut.copy(), r.errHeadersOut.copy()];
  return (head, instead) => {
    const evaluation = { ...r.evaluation, trace: undefined, log: [], unknown: [] };
    const again = Object.assign(new RequestRecord(evaluation), r, {
      evaluation,
      contentType,
      headersOut: headersOut.copy(),
      errHeadersOut: errHeadersOut.copy(),
      notes: r.notes.copy(),
    });
    takeHead(again, head);
    return instead === 'page' ? ofPage(again) : ofAnswer(again);
  };
}

function isLeftAlone(r: RequestRecord): boolean {
  const { onSuccess = [], always = [] } = r.perDirConfig.get(mod_headers) ?? {};
  return (
    onSuccess.length + always.length === 0 &&
    r.perDirConfig.get(mod_expires)?.active !== true &&
    possibleFilters(r).length === 0 &&
    typeof r.perDirConfig.get(core)?.defaultCharset !== 'string' &&
    r.contentType === null &&
    r.contentEncoding === null &&
    r.contentLanguages.length === 0 &&
    r.headersOut.entries().length + r.errHeadersOut.entries().length === 0
  );
}

function ofPage(r: RequestRecord): Headers {
  r.headersOut = r.errHeadersOut;
  r.errHeadersOut = new Table();
  r.contentType = PAGE_TYPE;
  runAll(hooksOf(hookTable(r.host), 'insertErrorFilter'), r);
  return uniqueVary(Table.overlay(r.headersOut, r.errHeadersOut).entries());
}

/** Of Apache's own pages. */
export const PAGE_TYPE = 'text/html; charset=iso-8859-1';

function ofAnswer(r: RequestRecord): Headers {
  runAll(hooksOf(hookTable(r.host), 'insertFilter'), r);
  const contentType = contentTypeWithCharset(r);
  setContentHeaders(r);
  const others = r.headersOut.entries().filter(([name]) => name.toLowerCase() !== 'content-type');
  return uniqueVary(contentType === null ? others : [...others, ['Content-Type', contentType]]);
}
