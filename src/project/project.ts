import { hostProfile, type HostProfile } from '../apache/host';
import { faultsOf, type Fault } from './faults';
import { jsonValue, parseJson, spanAt, type JsonNode, type JsonPath } from './json';
import {
  projectSchema,
  type HandlerRun,
  type RunnerMode,
  type AdviceLevel,
  type ModesInput,
  type ProjectInput,
  type Reload,
  type SshAddress,
  type TargetInput,
} from './schema';
import { secretsIn } from './secrets';
import { LineIndex } from '../text/lines';
import { lookup } from '../text/lookup';

/** Where a site is uploaded to. */
export interface Target {
  readonly name: string;
  /** A Host of ~/.ssh/config, or an address. */
  readonly ssh: string | SshAddress;
  /** The folder on the server that takes the document root's content. */
  readonly path: string;
  /** The site's address on the web, with a slash at the end. */
  readonly url?: string;
  /** Path of the error log on the server. */
  readonly log?: string;
  /** Further logs by a name of one's own: the access log, the application's own. */
  readonly logs?: Readonly<Record<string, string>>;
  /** Patterns as in .gitignore: neither uploaded nor deleted. */
  readonly ignore: readonly string[];
  /** Permission bits of what is uploaded; absent: the server's own, or the usual ones. */
  readonly modes?: Readonly<Partial<Record<keyof ModesInput, number>>>;
  readonly reload: Reload;
  /** Whether a person is asked before anything is changed there. */
  readonly ask: boolean;
  /** Whether changed programs are started once on the server before an upload is live. */
  readonly tryPrograms: boolean;
  /** The target's own host profile; the project's where it has none. */
  readonly host: HostProfile;
}

/** The local runner's part. */
export interface RunnerSettings {
  /** 0 for any free port. */
  readonly port: number;
  readonly mode: RunnerMode;
  /** By extension with its dot, or by a handler's name: what runs such files. */
  readonly handlers: Readonly<Record<string, HandlerRun>>;
  /** A file, relative to the workspace, that takes the access log. */
  readonly accessLog?: string;
  readonly processes: number;
  /** Added to what the dispatcher's process gets (FcgidInitialEnv). */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds of silence after which a request is given up (FcgidIOTimeout); absent: as the mode's server. */
  readonly requestTimeout?: number;
}

/** `.vscode/fastcgi.json` with its defaults filled in. */
export interface Project {
  /** The folder that the web server shows as `/`: relative to the workspace, `.` for the workspace itself. */
  readonly documentRoot: string;
  /** Relative to the workspace; absent: to be found in the tree. */
  readonly dispatcher?: string;
  readonly host: HostProfile;
  readonly runner: RunnerSettings;
  readonly targets: Readonly<Record<string, Target>>;
  readonly defaultTarget?: string;
  /** How loudly each advice is shown, by its code; others keep their own level. */
  readonly advice: Readonly<Record<string, AdviceLevel>>;
}

/** One thing that is wrong in the project file, with its place. */
export interface ProjectProblem {
  readonly code: 'syntax' | 'unknown-field' | 'invalid' | 'secret' | 'unknown-target';
  readonly severity: 'error' | 'warning';
  /** A sentence for people, with the field's path. */
  readonly message: string;
  readonly path: JsonPath;
  /** Offset and length in the text. */
  readonly offset: number;
  readonly length: number;
  /** Zero-based. */
  readonly line: number;
  readonly character: number;
}

type Finding = Pick<ProjectProblem, 'code' | 'severity' | 'message' | 'path'>;

/** What holds without a project file: `.htaccess` and `dispatch.fcgi` lie in the workspace's own folder. */
export const DEFAULT_PROJECT: Project = filled({});

/**
 * Reads the project file's text. It always gives a project: a field that cannot be used is reported and takes its default,
 * a target that cannot be used is left out.
 */
export function parseProject(text: string): { project: Project; problems: readonly ProjectProblem[] } {
  const { root, problems: syntax } = parseJson(text);
  const lines = new LineIndex(text);
  const broken = syntax.map((one) => ({
    ...placed(lines, { start: one.offset, end: one.offset + one.length }),
    ...({ code: 'syntax', severity: 'error', path: [] } as const),
    message: `The project file is no valid JSON: ${one.message}`,
  }));
  if (root === undefined) return { project: DEFAULT_PROJECT, problems: broken };
  const { project, findings } = understood(root);
  const told = syntax.length === 0 ? findings : findings.filter((one) => one.path.length > 0);
  const problems = told.map((one) => ({ ...one, ...placed(lines, spanAt(root, one.path)) }));
  return { project, problems: [...broken, ...problems] };
}

function understood(root: JsonNode): { project: Project; findings: readonly Finding[] } {
  const { value, secrets } = secretsIn(jsonValue(root));
  const { output, faults } = faultsOf<ProjectInput>(projectSchema, value, {});
  const project = filled(output);
  return { project, findings: [...secrets, ...faults.map(findingOf), ...strayDefault(project)] };
}

function findingOf({ path, code, message }: Fault): Finding {
  const severity = code === 'unknown-field' ? 'warning' : 'error';
  const name = path.length === 0 ? 'The project file' : `"${path.join('.')}"`;
  return { code, severity, path, message: `${name} ${message}.` };
}

function strayDefault(project: Project): Finding[] {
  const name = project.defaultTarget;
  if (name === undefined || Object.hasOwn(project.targets, name)) return [];
  const message = `"defaultTarget" names "${name}", but no usable target has this name.`;
  return [{ code: 'unknown-target', severity: 'error', path: ['defaultTarget'], message }];
}

function placed(lines: LineIndex, span: { start: number; end: number }) {
  const { line, character } = lines.positionAt(span.start);
  return { offset: span.start, length: span.end - span.start, line, character };
}

function filled(input: ProjectInput): Project {
  const targets = Object.entries(input.targets ?? {}).map(([name, one]) => [
    name,
    filledTarget(name, one, input.host),
  ]);
  return {
    documentRoot: plainPath(input.documentRoot ?? '.'),
    ...(input.dispatcher === undefined ? {} : { dispatcher: plainPath(input.dispatcher) }),
    host: hostProfile(input.host),
    runner: { port: 8400, mode: 'kind', handlers: {}, processes: 4, environment: {}, ...input.runner },
    targets: Object.fromEntries(targets) as Record<string, Target>,
    advice: input.advice ?? {},
    ...(input.defaultTarget === undefined ? {} : { defaultTarget: input.defaultTarget }),
  };
}

function filledTarget(
  name: string,
  { url, host, modes, ...rest }: TargetInput,
  projectHost: ProjectInput['host'],
): Target {
  const address = url === undefined ? {} : { url: url.endsWith('/') ? url : `${url}/` };
  const own = modes === undefined ? {} : { modes: bitsOf(modes) };
  const profile = hostProfile(host ?? projectHost);
  const usual = { ignore: [], reload: 'auto', ask: isProduction(name), tryPrograms: true } as const;
  return { ...usual, ...rest, ...address, ...own, name, host: profile };
}

function bitsOf(modes: ModesInput): NonNullable<Target['modes']> {
  const bits = Object.entries(modes).map(([what, octal]) => [what, Number.parseInt(octal, 8)]);
  return Object.fromEntries(bits) as NonNullable<Target['modes']>;
}

/** Names that people give to the site that visitors see. */
function isProduction(name: string): boolean {
  return /^(?:production|prod|live)$/i.test(name);
}

/** `./a//b/` -> `a/b`; the workspace itself is `.`. */
function plainPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.join('/');
}

/**
 * The target that is meant: the named one, else the default, else the only one.
 * Otherwise a sentence that says what is missing.
 */
export function resolveTarget(
  project: Project,
  name: string | undefined = project.defaultTarget,
): { readonly target: Target } | { readonly problem: string } {
  const names = Object.keys(project.targets);
  if (names.length === 0) return { problem: `No target is described. ${HOW_TO_DESCRIBE}` };
  const known = names.map((one) => `"${one}"`).join(', ');
  const meant = name ?? (names.length === 1 ? names[0] : undefined);
  if (meant === undefined) return { problem: `There are several targets, name one: ${known}.` };
  const target = lookup(project.targets, meant);
  return target ? { target } : { problem: `There is no target "${meant}". Described are: ${known}.` };
}

const HOW_TO_DESCRIBE =
  'Add one to .vscode/fastcgi.json: "targets": { "production": { "ssh": "a Host of ~/.ssh/config", "path": "/home/me/public_html" } }.';
