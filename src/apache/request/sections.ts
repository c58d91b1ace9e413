import { evaluateExpr, fnmatch, hasWildcard } from '../expr';
import { patchOf } from '../host';
import { core } from '../modules/core';
import type { FilesTest, IfTest, Section } from '../modules/core/config';
import { exprContext } from './exprContext';
import type { RequestRecord } from './record';
import { applyWalk } from './walkCache';

/** Puts the matching <Files> and <FilesMatch> over the folder's configuration, in their order (ap_file_walk). */
export function fileWalk(r: RequestRecord): void {
  const sections = r.perDirConfig.get(core)?.fileSections ?? [];
  if (r.filename === null || sections.length === 0) return;
  const name = r.filename.slice(r.filename.lastIndexOf('/') + 1);
  const matching = sections.filter(({ test }) => matchesName(r, test, name));
  applyWalk(r, { walk: 'file', place: name, matched: matching.map(({ config }) => config) });
}

function matchesName(r: RequestRecord, test: FilesTest, name: string): boolean {
  if (test.kind === 'pattern') {
    return hasWildcard(test.pattern)
      ? fnmatch(test.pattern, name, { pathname: true })
      : test.pattern === name;
  }
  const match = test.regex.exec(name);
  if (match === null || match === 'limit') return false;
  for (const [group, numbers] of test.regex.groupNames) {
    for (const number of numbers) {
      const start = match[2 * number] ?? -1;
      if (start >= 0) r.env.set(`MATCH_${group.toUpperCase()}`, name.slice(start, match[2 * number + 1]));
    }
  }
  return true;
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
    if (kind !== 'if' && wasTrue) continue;
    wasTrue = expr === undefined || isTrue(r, section);
    if (wasTrue) holding.push(section);
    if (kind === 'else') wasTrue = false;
  }
  return holding;
}

function isTrue(r: RequestRecord, { test, origin }: Section<IfTest>): boolean {
  if (test.expr === undefined) return true;
  const result = evaluateExpr(test.expr, exprContext(r), { patch: patchOf(r.host) });
  if (result.problem !== undefined)
    r.logError(`AH00039: Failed to evaluate <If > condition: ${result.problem}`);
  for (const name of result.vary) r.headersOut.merge('Vary', name);
  const isMet = result.problem === undefined && result.value === true;
  r.addTrace({ module: 'core', text: `<If> condition ${isMet ? 'holds' : 'does not hold'}`, ...origin });
  return isMet;
}
