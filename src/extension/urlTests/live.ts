import * as vscode from 'vscode';
import { AddressError, LiveSite } from '../../deploy/liveSite';
import { askedRequest, parseUrls } from '../../urls';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { signalOf } from '../targets/sessions';
import type { ChosenTarget } from '../targets/chosenTarget';
import type { AskLive } from './urlTests';

/** Asks the chosen target's site. Nothing is sent that could change something there. */
export function liveAsker(chosen: ChosenTarget): AskLive {
  return async (file, lines, token) => {
    requireTrust();
    const site = siteOf((await chosen.need(file.uri)).target.url, token);
    const cases = parseUrls(file.text).cases.filter(({ line }) => lines.includes(line));
    const asked = cases.flatMap((one) => {
      const request = askedRequest(one);
      return request === undefined ? [] : [{ line: one.line, request }];
    });
    const answers = await site.askAll(asked.map(({ request }) => request));
    const seen: (readonly [number, Extract<(typeof answers)[number], { kind: 'seen' }>['seen']])[] = [];
    const silent = new Map<number, { why: string; isFailure: boolean }>();
    for (const [at, { line }] of asked.entries()) {
      const answer = answers[at];
      if (answer?.kind === 'seen') seen.push([line, answer.seen]);
      else if (answer) silent.set(line, { why: answer.why, isFailure: answer.kind === 'failed' });
    }
    return { live: { host: site.host, seen }, silent };
  };
}

function siteOf(url: string | undefined, token: vscode.CancellationToken): LiveSite {
  const open = commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile');
  if (url === undefined)
    throw new Failure(
      vscode.l10n.t('The target has no "url" in the project file: there is no site to ask.'),
      [open],
    );
  try {
    return new LiveSite(url, { interrupted: signalOf(token) });
  } catch (error) {
    throw error instanceof AddressError ? new Failure(error.message, [open]) : error;
  }
}
