import type { Connection } from 'vscode-languageserver';
import type { ArgumentStyle } from '../language';

/** The user's settings below `htaccess`, complete. */
export interface HtaccessSettings {
  readonly format: {
    /** Blanks between arguments. */
    readonly arguments: ArgumentStyle;
  };
}

/** What holds where the user sets nothing, or something that is none. */
export const DEFAULT_SETTINGS: HtaccessSettings = { format: { arguments: 'keep' } };

const STYLES: readonly unknown[] = ['keep', 'single', 'align'] satisfies readonly ArgumentStyle[];

/** Asks the editor for the settings of one document. Where it has none to give, the defaults; never rejects. */
export async function askSettings(connection: Connection, uri: string): Promise<HtaccessSettings> {
  try {
    return readSettings(await connection.workspace.getConfiguration({ scopeUri: uri, section: 'htaccess' }));
  } catch {
    // An editor that does not answer, or is gone: nothing depends on a setting.
    return DEFAULT_SETTINGS;
  }
}

/** Complete settings of whatever an editor sends. */
export function readSettings(sent: unknown): HtaccessSettings {
  const style = property(property(sent, 'format'), 'arguments');
  return STYLES.includes(style) ? { format: { arguments: style as ArgumentStyle } } : DEFAULT_SETTINGS;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
