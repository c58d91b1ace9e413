import { spawn } from 'node:child_process';
import type { Terminal } from './terminal';

/** Shows an address in the desktop's browser; where there is none, says so and goes on. */
export function openInBrowser(url: string, terminal: Terminal): void {
  const [command, ...args] = openerOf(process.platform);
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => terminal.err(`No browser could be opened; go to ${url}\n`));
  child.unref();
}

function openerOf(platform: NodeJS.Platform): [command: string, ...args: string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
