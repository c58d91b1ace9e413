import * as vscode from 'vscode';
import { askedRequest, parseUrls, formatRequest, type WrittenRequest } from '../../urls';
import { casesOf, urlFilesOf } from './urlFiles';

/** A URL that is watched, and the document beside whose folder it is asked. */
export interface WatchedUrl {
  readonly uri: vscode.Uri;
  readonly request: WrittenRequest;
}

/** A request as a person types it: `/hello?x=1`, `POST /form {Accept: text/html}`. Undefined for what is none. */
export function typedRequest(text: string): WrittenRequest | undefined {
  const [one] = parseUrls(`${text.trim()} -> 200`).cases;
  return one !== undefined && askedRequest(one) !== undefined ? one : undefined;
}

interface UrlItem extends vscode.QuickPickItem {
  readonly request?: WrittenRequest;
}

export interface AskUrlOptions {
  readonly title: string;
  /** URLs of before, offered first. */
  readonly earlier?: readonly WrittenRequest[];
  /** What stands in the box at first. */
  readonly value?: string;
}

/** Asks for a URL: one of the `*.urls` files, one of those before, or any that is typed. */
export async function askUrl(
  folder: vscode.WorkspaceFolder,
  { title, earlier = [], value = '' }: AskUrlOptions,
): Promise<WrittenRequest | undefined> {
  const pick = vscode.window.createQuickPick<UrlItem>();
  pick.title = title;
  pick.value = value;
  pick.placeholder = vscode.l10n.t(
    '/path?query, or a method and a URL with headers: POST /form {Accept: text/html}',
  );
  pick.busy = true;
  const before = earlier.map((request): UrlItem => ({ label: formatRequest(request), request }));
  let listed = before;
  const refresh = () => {
    const typed = typedRequest(pick.value);
    const own: UrlItem[] =
      typed && !listed.some(({ label }) => label === pick.value.trim())
        ? [
            {
              label: pick.value.trim(),
              description: vscode.l10n.t('as typed'),
              request: typed,
              alwaysShow: true,
            },
          ]
        : [];
    pick.items = [...own, ...listed];
  };
  pick.onDidChangeValue(refresh);
  refresh();
  pick.show();
  const addTested = async () => {
    const items = await testedUrls(folder);
    listed = [...before, ...items.filter(({ label }) => !before.some((one) => one.label === label))];
    pick.busy = false;
    refresh();
  };
  void addTested();
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.request ?? typedRequest(pick.value));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
  });
}

async function testedUrls(folder: vscode.WorkspaceFolder): Promise<UrlItem[]> {
  const files = await urlFilesOf(folder);
  return files.flatMap((file) => {
    const description = vscode.workspace.asRelativePath(file.uri, false);
    return casesOf(file).map(({ written, label }) => ({ label, description, request: written }));
  });
}
