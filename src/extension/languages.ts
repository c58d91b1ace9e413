import type * as vscode from 'vscode';
import { LANGUAGES } from './manifest';

/** Whether a document is a .htaccess for us, under whichever name of the language. */
export function isHtaccess({ languageId, uri }: vscode.TextDocument): boolean {
  const isOther = languageId === LANGUAGES.apacheconf && /(?:\.htaccess|\/htaccess\.txt)$/.test(uri.path);
  return languageId === LANGUAGES.htaccess || isOther;
}
