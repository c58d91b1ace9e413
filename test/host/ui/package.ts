import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installServer } from '../install.mjs';
import { npm } from '../processes.mjs';
import { serverCommand } from '../server.mjs';
import { extensionsFolder, removeAbandonedFolders, whyNoUi } from '../ui';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Vitest's global setup of the UI tests: packages the extension as it would be published, and installs it, once for all. */
export default async function packageExtension(): Promise<void> {
  removeAbandonedFolders();
  mkdirSync(path.join(root, 'test-output'), { recursive: true });
  const args = ['run', 'package', '--', '--out', 'test-output/extension.vsix'];
  const { code, output } = await npm(args, { cwd: root, quiet: true, timeoutSeconds: 120 });
  if (code !== 0) throw new Error(`npm run package failed:\n${output}`);
  if (!whyNoUi) await install(path.join(root, 'test-output/extension.vsix'));
}

async function install(vsix: string): Promise<void> {
  rmSync(extensionsFolder, { recursive: true, force: true });
  const args = ['--extensions-dir', extensionsFolder, '--install-extension', vsix];
  const dataFolder = path.join(root, 'test-output/install');
  const { code, output } = await serverCommand(await installServer('newest'), dataFolder, args);
  if (code !== 0 || /failed installing/i.test(output))
    throw new Error(`${vsix} cannot be installed:\n${output}`);
}
