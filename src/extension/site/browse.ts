import * as vscode from 'vscode';
import type { Runner } from '../../runner';

/**
 * The address under which the site is reached from where the reader sits: a forwarded one in a remote window, a tunnel in Codespaces.
 * The runner answers to exactly this name besides localhost: VS Code has made it, so that no foreign site can point here by it.
 */
export async function forwardedAddress(runner: Runner): Promise<string | undefined> {
  const own = vscode.Uri.parse(runner.url);
  const external = await vscode.env.asExternalUri(own);
  const name = hostNameOf(external.toString(true));
  if (name === undefined) return undefined;
  runner.allowName(name);
  return external.authority === own.authority ? undefined : external.toString(true);
}

/** The host name of a web address, without port, in lower case; undefined for other addresses. */
export function hostNameOf(address: string): string | undefined {
  const [, name] = /^https?:\/\/(\[[\da-f:]+\]|[a-z\d.-]+)(?::\d+)?(?:\/|$)/i.exec(address) ?? [];
  return name?.toLowerCase();
}

/** Opens an address of this machine in VS Code's own browser. */
export async function browseInside(url: string): Promise<void> {
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(url));
  await vscode.commands.executeCommand('simpleBrowser.show', external.toString(true));
}
