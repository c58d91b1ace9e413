import type { HostProfile } from '../apache/host';

type Entry = Record<string, unknown>;

/**
 * The text of the project file with fields of one target set; undefined where the file holds comments or is otherwise no plain JSON, or has
 * no such target: a person puts them in then.
 */
export function withTargetFields(text: string, target: string, fields: Readonly<Entry>): string | undefined {
  return changed(text, target, (entry) => ({ ...entry, ...fields }));
}

/** The same with a host profile for the target; fields that it does not have stay as they are described. */
export function withTargetHost(text: string, target: string, host: Partial<HostProfile>): string | undefined {
  return changed(text, target, (entry, project) => {
    const described = entry['host'] ?? project['host'];
    const known = typeof described === 'object' ? described : {};
    // What was learned of Options and mod_fcgid by their absence is as usual.
    const { allowOverrideOptions: _options, fcgid: _fcgid, ...rest } = known as Entry;
    const kept = host.modules === undefined ? known : rest;
    return { ...entry, host: { ...kept, ...host } };
  });
}

function changed(
  text: string,
  target: string,
  change: (entry: Entry, project: Entry) => Entry,
): string | undefined {
  try {
    const project = JSON.parse(text) as { targets?: Record<string, Entry> };
    const entry = project.targets?.[target];
    if (!project.targets || typeof entry !== 'object') return undefined;
    project.targets[target] = change(entry, project);
    return `${JSON.stringify(project, undefined, 2)}\n`;
  } catch {
    return undefined;
  }
}
