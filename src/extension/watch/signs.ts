import * as vscode from 'vscode';
import type { MarkTone } from '../../language';

/** Backgrounds that a sign is drawn for; in high contrast VS Code takes the one for the like of it. */
export type Background = 'light' | 'dark';

interface Sign {
  /** SVG path in a square of 16: shapes differ, so that nobody needs the colour. */
  readonly path: string;
  readonly colours: Readonly<Record<Background, string>>;
}

const GREY = { light: '#6e6e6e', dark: '#9d9d9d' };

/** An arrow for what changed the request, a tick for what was met, a cross for what was not, a dash for what was left out, dots for what was not reached. */
const SIGNS: Readonly<Record<MarkTone, Sign>> = {
  acted: { path: 'M3 8h9.5M9 4.5 12.5 8 9 11.5', colours: { light: '#1a7f37', dark: '#73c991' } },
  matched: { path: 'm3.5 8.5 3 3 6-7', colours: { light: '#1a7f37', dark: '#73c991' } },
  missed: { path: 'm4.5 4.5 7 7m0-7-7 7', colours: GREY },
  skipped: { path: 'M4.5 8h7', colours: GREY },
  unreached: { path: 'M4 8h.01M8 8h.01M12 8h.01', colours: GREY },
  refused: {
    path: 'M8 2.2 14.2 13.5H1.8ZM8 6.2v3.6M8 11.6v.1',
    colours: { light: '#c72e0f', dark: '#f48771' },
  },
};

/** The sign of a tone beside the line numbers, on a light or dark background. */
export function signOf(tone: MarkTone, background: Background): vscode.Uri {
  const { path, colours } = SIGNS[tone];
  const stroke = `stroke="${colours[background]}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16"><path fill="none" ${stroke} d="${path}"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`);
}
