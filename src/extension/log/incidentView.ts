import { basename } from 'node:path/posix';
import { secondsOf, type Fix, type Incident } from '../../errorlog';
import type { FrameView, IncidentDetail, IncidentSummary } from '../../panels/log/messages';

/** What the panel must know of an incident beside the incident itself. */
export interface IncidentContext {
  readonly source: string;
  readonly isNew: boolean;
  readonly isUnseen: boolean;
}

/** Most lines of an incident that the panel shows, and most characters of each. */
const MOST_LINES = 60;
const LONGEST = 2000;

/** An incident as it stands in the list. */
export function summaryOf(incident: Incident, context: IncidentContext): IncidentSummary {
  const { id, severity, summary, place, request, count, first, last } = incident;
  return {
    id,
    severity,
    summary,
    place: place === null ? '' : `${basename(place.file)}:${place.line}`,
    request: request ?? '',
    count,
    first: secondsOrNone(first),
    last: secondsOrNone(last),
    ...context,
  };
}

/** Everything about an incident. `isLocal`: whether a path of the server is a file of the workspace. */
export function detailOf(
  incident: Incident,
  of: {
    context: IncidentContext;
    isLocal: (path: string) => boolean;
    found: readonly string[];
    labels: (fix: Fix) => string | undefined;
  },
): IncidentDetail {
  const { cause, remedy, also, status, clients, traceback, fixes, lines } = incident;
  return {
    ...summaryOf(incident, of.context),
    cause,
    remedy,
    also,
    found: of.found,
    status,
    clients,
    frames: (traceback?.frames ?? []).map((frame): FrameView => {
      const label = `${frame.file}:${frame.line}${frame.name === null ? '' : `  ${frame.name}`}`;
      return { label, file: frame.file, line: frame.line, isLink: of.isLocal(frame.file) };
    }),
    fixes: fixes.flatMap((fix, id) => {
      const label = of.labels(fix);
      return label === undefined ? [] : [{ id, label }];
    }),
    lines: lines.slice(-MOST_LINES).map(({ id, text }) => ({ id, text: text.slice(0, LONGEST) })),
  };
}

function secondsOrNone(time: string | null): number {
  const seconds = time === null ? Number.NaN : secondsOf(time);
  return Number.isNaN(seconds) ? -1 : Math.floor(seconds);
}
