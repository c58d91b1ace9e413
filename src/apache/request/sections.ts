import { evaluateExpr, fnmatch, hasWildcard } from '../expr';
import { patchOf } from '../host';
import { core } from '../modules/core';
import type { FilesTest, IfTest, Section } from '../modules/core/config';
import { exprContext } from './exprContext';
import { groupTexts } from '../modules/groups';
import type { RequestRecord } from './record';
import type { TraceEvent } from './trace';
import { applyWalk, matchedBefore } from './walkCache';

/** Puts the matching <Files> and <FilesMatch> over the folder's configuration, in their order (ap_file_walk). */
export function fileWalk(r: RequestRecord): void {
  const sections = r.perDirConfig.get(core)?.fileSections ?? [];
  if (r.filename === null || sections.length === 0) return;
  const name = r.filename.slice(r.filename.lastIndexOf('/') + 1);
  const matched =
    matchedBefore(r, 'file', { place: name, sections }) ??
    sections.filter((section) => matchesName(r, section, name)).map(({ config }) => config);
  applyWalk(r, { walk: 'file', place: name, matched, sections });
}

function matchesName(r: RequestRecord, section: Section<FilesTest>, name: string): boolean {
  const captures = filesMatch(r, section.test, name);
  traceSection(r, section, {
    directive: section.name,
    result: captures === undefined ? 'not matched' : 'matched',
    comparison: { subject: name, pattern: section.written },
    ...(captures === undefined || captures.length === 0 ? {} : { captures }),
  });
  return captures !== undefined;
}

function traceSection(
  r: RequestRecord,
  { origin, name, written }: Section<unknown>,
  event: Omit<TraceEvent, 'args'>,
): void {
  if (!r.isTracing) return;
  const text = `${name} ${written}> ${event.result}${event.reason === undefined ? '' : `: ${event.reason}`}`;
  r.addTrace({ module: 'core', text, ...origin, event: { ...event, args: written } });
}

/** The groups of a match, none for a plain name or shell pattern; undefined where the name does not match. */
function filesMatch(r: RequestRecord, test: FilesTest, name: string): readonly (string | null)[] | undefined {
  if (test.kind === 'pattern') {
    const isMatch = hasWildcard(test.pattern)
      ? fnmatch(test.pattern, name, { pathname: true })
      : test.pattern === name;
    return isMatch ? [] : undefined;
  }
  const match = test.regex.exec(name);
  if (match === null || match === 'limit') return undefined;
  for (const [group, numbers] of test.regex.groupNames) {
    for (const number of numbers) {
      const start = match[2 * number] ?? -1;
      if (start >= 0) r.env.set(`MATCH_${group.toUpperCase()}`, name.slice(start, match[2 * number + 1]));
    }
  }
  return groupTexts({ subject: name, match });
}

/** Puts the <If>, <ElseIf> and <Else> whose condition holds over the configuration, then those within them (ap_if_walk). */
export function ifWalk(r: RequestRecord): void {
  let sections = r.perDirConfig.get(core)?.ifSections ?? [];
  while (sections.length > 0) {
    const matched = holdingSections(r, sections).map(({ config }) => config);
    const merged = applyWalk(r, { walk: 'if', place: '', matched });
    sections = merged?.get(core)?.ifSections ?? [];
  }
}

function holdingSections(r: RequestRecord, sections: readonly Section<IfTest>[]): Section<IfTest>[] {
  const holding: Section<IfTest>[] = [];
  let wasTrue = false;
  for (const section of sections) {
    const { kind, expr } = section.test;
    if (kind !== 'if' && wasTrue) {
      const reason = 'a branch before it holds';
      traceSection(r, section, { directive: section.name, result: 'skipped', reason });
      continue;
    }
    if (expr === undefined) {
      traceSection(r, section, {
        directive: section.name,
        result: 'matched',
        reason: 'no branch before it holds',
      });
    }
    wasTrue = expr === undefined || isTrue(r, section);
    if (wasTrue) holding.push(section);
    if (kind === 'else') wasTrue = false;
  }
  return holding;
}

function isTrue(r: RequestRecord, section: Section<IfTest>): boolean {
  const { test, written } = section;
  if (test.expr === undefined) return true;
  const result = evaluateExpr(test.expr, exprContext(r), { patch: patchOf(r.host) });
  if (result.problem !== undefined)
    r.logError(`AH00039: Failed to evaluate <If > condition: ${result.problem}`);
  for (const name of result.vary) r.headersOut.merge('Vary', name);
  const isMet = result.problem === undefined && result.value === true;
  const captures = isMet && result.captures !== undefined ? { captures: groupTexts(result.captures) } : {};
  traceSection(r, section, {
    directive: section.name,
    result: isMet ? 'matched' : 'not matched',
    comparison: { subject: '', pattern: written },
    ...captures,
  });
  return isMet;
}
