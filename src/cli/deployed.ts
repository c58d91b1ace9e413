import type { HistoryEntry } from '../deploy/history';
import { whatIsDeployed, type Deployed } from '../deploy/rollback';
import { harmless } from './colours';
import { atMostOne, readArguments, type Command } from './command';
import { withConnection } from './remoteSession';
import { findWorkspace, targetOf } from './workspace';

const help = `Usage: fastcgi deployed [TARGET] [--files] [--format text|json]

What is on the server: when it was uploaded, by whom, from which commit, and which files.

  --files     list every file with its SHA-256
  --format    text (default) or json

Exit code: 0 something is deployed, 1 nothing is or it failed, 2 wrong usage.
`;

/** `fastcgi deployed`: what the target has. */
export const deployed: Command = {
  name: 'deployed',
  summary: 'what is on the server: when, by whom, which commit, which files',
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      files: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
    });
    const target = targetOf(findWorkspace('.', terminal), atMostOne(positionals, 'target'));
    const found = await withConnection(target, terminal, (connection) =>
      whatIsDeployed(connection, target.path),
    );
    const text = values.format === 'json' ? jsonOf(found) : textOf(found, target.name, values.files);
    terminal.out(text);
    return found.entry === undefined && found.files.size === 0 ? 1 : 0;
  },
};

function jsonOf({ entry, files }: Deployed): string {
  return `${JSON.stringify({ deploy: entry ?? null, files: Object.fromEntries(files) }, undefined, 2)}\n`;
}

function textOf({ entry, files }: Deployed, target: string, list: boolean): string {
  if (!entry && files.size === 0) return `${target}: nothing was uploaded there yet.\n`;
  const head = entry ? `${target}: ${entryText(entry)}\n` : `${target}: when it was uploaded is not known.\n`;
  const rows = list ? [...files].map(([path, { sha256 }]) => `${sha256}  ${harmless(path)}\n`) : [];
  return `${head}${files.size} files.\n${rows.join('')}`;
}

/** One line: what was done, when, by whom, from which commit. */
export function entryText({ kind, time, by, commit, changes }: HistoryEntry): string {
  const when = new Date(time).toISOString().replace('T', ' ').slice(0, 19);
  const what = { upload: 'uploaded', rollback: 'rolled back', reload: 'reloaded', switch: 'renamed' }[kind];
  const from =
    commit === undefined
      ? ''
      : `, ${commit.hash.slice(0, 10)}${commit.dirty ? ' with local changes' : ''} "${harmless(commit.subject)}"`;
  const count = changes.length === 0 ? '' : `, ${changes.length} changed`;
  return `${what} ${when} UTC by ${harmless(`${by.user}@${by.machine}`)}${count}${from}`;
}
