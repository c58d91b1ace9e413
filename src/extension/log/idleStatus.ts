import * as vscode from 'vscode';
import type { PanelAction, PanelStatus } from '../../panels/log/messages';
import type { ProjectProblem } from '../../project';
import type { Projects } from '../projects';
import { addressOf, type FolderTarget } from '../targets/chosenTarget';

/** What the panel says while no log is followed: why, and what to do. */
export function idleStatus(current: FolderTarget | undefined, projects: Projects): Omit<PanelStatus, 'kind'> {
  if (!vscode.workspace.isTrusted) {
    const detail = vscode.l10n.t('Nothing is read from a server before you trust this workspace.');
    return { title: vscode.l10n.t('The workspace is not trusted'), detail, actions: [] };
  }
  const error = projects.current()?.error;
  if (error) return brokenProject(error);
  if (!current) return noTarget(projects);
  const { target } = current;
  if (target.log === undefined && Object.keys(target.logs ?? {}).length === 0) {
    return {
      title: vscode.l10n.t('{0} has no log yet', target.name),
      detail: vscode.l10n.t(
        'It can be looked for where hosts keep their logs, or named as "log" in .vscode/fastcgi.json.',
      ),
      actions: [{ label: vscode.l10n.t('Find Log'), command: 'fastcgi.log.follow' }, openProject()],
    };
  }
  const paths = [target.log, ...Object.values(target.logs ?? {})].filter((path) => path !== undefined);
  return {
    title: vscode.l10n.t('Not connected'),
    detail: vscode.l10n.t('{0} on {1}', paths.join(', '), addressOf(target)),
    actions: [{ label: vscode.l10n.t('Follow Log'), command: 'fastcgi.log.follow' }],
  };
}

function brokenProject({ line, message }: ProjectProblem): Omit<PanelStatus, 'kind'> {
  return {
    title: vscode.l10n.t('The project file has an error'),
    detail: vscode.l10n.t('.vscode/fastcgi.json, line {0}: {1}', line + 1, message),
    actions: [openProject()],
  };
}

function noTarget(projects: Projects): Omit<PanelStatus, 'kind'> {
  const several = Object.keys(projects.current()?.project.targets ?? {}).length > 0;
  if (several) {
    return {
      title: vscode.l10n.t('Which server?'),
      detail: vscode.l10n.t('Several targets are described. Choose the one whose log you want to see.'),
      actions: [{ label: vscode.l10n.t('Choose Target'), command: 'fastcgi.chooseTarget' }],
    };
  }
  return {
    title: vscode.l10n.t('No server is described yet'),
    detail: vscode.l10n.t(
      'Describe it under "targets" in .vscode/fastcgi.json: its SSH name, its folder, its error log.',
    ),
    actions: [openProject()],
  };
}

/** Leads to the project file. */
export function openProject(): PanelAction {
  return { label: vscode.l10n.t('Open Project File'), command: 'fastcgi.openProjectFile' };
}

/** Ends what is being followed. */
export function stop(): PanelAction {
  return { label: vscode.l10n.t('Disconnect'), command: 'fastcgi.log.stop' };
}
