import { l10n } from 'vscode';
import type { RequestsTexts } from '../../panels/requests/messages';
import type { TraceWords } from '../trace/rows';
import type { RequestWords } from './describe';

/** Texts of the panel's own controls. */
export function requestsTexts(): RequestsTexts {
  return {
    filter: l10n.t('Filter by method, URL, status, rule or program'),
    show: l10n.t('Which requests to show'),
    shown: {
      all: l10n.t('All requests'),
      programs: l10n.t('Answered by programs'),
      failed: l10n.t('Failed'),
    },
    list: l10n.t('Requests to the local site'),
    tabs: {
      headers: l10n.t('Headers'),
      body: l10n.t('Body'),
      environment: l10n.t('Environment'),
      errors: l10n.t('Errors'),
      trace: l10n.t('Trace'),
    },
    actions: {
      replay: l10n.t('Replay'),
      curl: l10n.t('Copy as curl'),
      record: l10n.t('Record as URL Test'),
      rule: l10n.t('Go to Rule'),
    },
    shortActions: {
      replay: l10n.t('Replay'),
      curl: l10n.t('curl'),
      record: l10n.t('Record'),
      rule: l10n.t('Rule'),
    },
    close: l10n.t('Close'),
    newest: l10n.t('Newest request'),
    newRequests: l10n.t('{0} new requests'),
    noMatch: l10n.t('No request matches the filter.'),
    request: l10n.t('Request'),
    response: l10n.t('Response'),
    nothing: l10n.t('Nothing.'),
    pending: l10n.t('Not answered yet.'),
  };
}

/** Words of a trace. */
export function traceWords(): TraceWords {
  return {
    matched: l10n.t('matches'),
    missed: l10n.t('no match'),
    unknown: l10n.t('looked at'),
    met: l10n.t('met'),
    notMet: l10n.t('not met'),
    redirectedTo: l10n.t('Internal redirect to {0}'),
    initial: l10n.t('The request as it came'),
    subrequest: l10n.t('Subrequest'),
  };
}

/** Words of the list and the details. */
export function requestWords(): RequestWords {
  return {
    ...traceWords(),
    pending: l10n.t('not answered yet'),
    cut: l10n.t('cut'),
    server: l10n.t('server'),
    file: l10n.t('file'),
    redirect: l10n.t('redirect'),
    listing: l10n.t('listing'),
    status: l10n.t('Status'),
    answeredBy: l10n.t('Answered by'),
    process: l10n.t('Process'),
    rule: l10n.t('Decided by'),
    time: l10n.t('Time'),
    duration: l10n.t('Duration'),
    size: l10n.t('Size'),
    log: l10n.t('Error log'),
    binary: l10n.t('{0} bytes that are no text, or compressed.'),
    partOf: l10n.t('The first {0} of {1} bytes.'),
  };
}
