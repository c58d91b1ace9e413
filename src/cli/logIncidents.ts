import { errorLogOf, readSiteLog, type SiteLog } from '../doctor';
import { incidentText, type Incident, type IncidentStyle } from '../errorlog';
import type { Target } from '../project';
import type { RemoteConnection } from '../remote/connection';
import { loginPath } from '../remote/loginPath';
import { harmless, paint } from './colours';
import { ActionError, type ExitCode } from './command';
import type { Terminal } from './terminal';

/** How much of each log's end is read. */
const WINDOW = 4 * 1024 * 1024;

/** Shows what failed by the end of the target's logs, each failure once; 1 where something did. */
export async function showIncidents(
  connection: RemoteConnection,
  { target, format }: { readonly target: Target; readonly format: 'text' | 'json' },
  terminal: Terminal,
): Promise<ExitCode> {
  const log = await read(connection, target);
  const incidents = log.incidents.map(withoutControls);
  terminal.out(
    format === 'json'
      ? `${JSON.stringify(incidents, null, 2)}\n`
      : textOf({ ...log, incidents }, target, terminal),
  );
  return incidents.some(({ severity }) => severity !== 'info') ? 1 : 0;
}

async function read(connection: RemoteConnection, target: Target): Promise<SiteLog> {
  const root = await siteRoot(connection, target);
  const log = await readSiteLog(await connection.sftp(), { target, root, bytes: WINDOW });
  if (log.path === undefined) throw noLog(target);
  if (log.problem !== undefined) throw new ActionError(`${log.path} cannot be read: ${log.problem}`);
  return log;
}

/** The error log that the project file names, else one that lies where hosts keep it. @throws ActionError where there is none */
export async function findErrorLog(connection: RemoteConnection, target: Target): Promise<string> {
  const path = await errorLogOf(await connection.sftp(), target, await siteRoot(connection, target));
  if (path === undefined) throw noLog(target);
  return path;
}

async function siteRoot(connection: RemoteConnection, { path }: Target): Promise<string> {
  const folder = loginPath(path);
  return (await connection.sftp()).realpath(folder).catch(() => folder);
}

function noLog({ name }: Target): ActionError {
  return new ActionError(
    `The target "${name}" has no "log", and none lies where hosts keep them. Add its path to .vscode/fastcgi.json.`,
  );
}

/** Newest last, as a terminal is read: from its end. */
function textOf({ incidents, lines, path }: SiteLog, { name }: Target, terminal: Terminal): string {
  const read = `${lines.toLocaleString('en')} lines of ${harmless(path ?? '')} (${name})`;
  if (incidents.length === 0) return `No failure in the last ${read}.\n`;
  const count = incidents.length === 1 ? '1 incident' : `${incidents.length} incidents`;
  const style = styleOf(terminal);
  return `${[...incidents]
    .reverse()
    .map((one) => `${incidentText(one, style)}\n`)
    .join('')}${count} in the last ${read}; the newest stands last.\n`;
}

function styleOf({ colours }: Terminal): IncidentStyle {
  const colour = paint(colours);
  const styles = { error: colour.red, warning: colour.yellow, info: (text: string) => text };
  return { severity: (severity, text) => styles[severity](text), quiet: colour.dim };
}

/** Lines of a log may hold anything: what a terminal would obey is shown as text. */
function withoutControls(incident: Incident): Incident {
  const safe = (_: string, value: unknown): unknown => (typeof value === 'string' ? harmless(value) : value);
  return JSON.parse(JSON.stringify(incident, safe)) as Incident;
}
