import type { Connection } from 'vscode-languageserver';
import type { SeveritySetting } from '../advice';
import type { ArgumentStyle } from '../language';

/** The user's settings below `htaccess`, complete. */
export interface HtaccessSettings {
  /** Enter behind an opening tag puts the closing one below. */
  readonly autoClosingTags: boolean;
  readonly format: {
    /** Blanks between arguments. */
    readonly arguments: ArgumentStyle;
  };
  readonly advice: {
    /** By code; advice that is not named keeps its own level. */
    readonly severity: Readonly<Record<string, SeveritySetting>>;
  };
}

/** What holds where the user sets nothing, or something that is none. */
export const DEFAULT_SETTINGS: HtaccessSettings = {
  autoClosingTags: true,
  format: { arguments: 'keep' },
  advice: { severity: {} },
};

const STYLES: readonly unknown[] = ['keep', 'single', 'align'] satisfies readonly ArgumentStyle[];

const LEVELS: readonly unknown[] = [
  'off',
  'hint',
  'information',
  'warning',
  'error',
] satisfies readonly SeveritySetting[];

/** Asks the editor for the settings of one document, or of the window. Where it has none to give, the defaults; never rejects. */
export async function askSettings(connection: Connection, uri?: string): Promise<HtaccessSettings> {
  try {
    return readSettings(
      await connection.workspace.getConfiguration({ ...(uri && { scopeUri: uri }), section: 'htaccess' }),
    );
  } catch {
    // An editor that does not answer, or is gone: nothing depends on a setting.
    return DEFAULT_SETTINGS;
  }
}

/** Complete settings of whatever an editor sends. */
export function readSettings(sent: unknown): HtaccessSettings {
  const style = property(property(sent, 'format'), 'arguments');
  const severity = property(property(sent, 'advice'), 'severity');
  const levels = Object.entries(severity ?? {}).filter(([, level]) => LEVELS.includes(level));
  return {
    autoClosingTags: property(sent, 'autoClosingTags') !== false,
    format: STYLES.includes(style) ? { arguments: style as ArgumentStyle } : DEFAULT_SETTINGS.format,
    advice: { severity: Object.fromEntries(levels) as Record<string, SeveritySetting> },
  };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
