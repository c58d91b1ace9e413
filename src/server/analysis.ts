import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { HostProfile } from '../apache/host';
import { diagnose, HtaccessDocument, type DiagnoseOptions, type Problem } from '../language';

/** What was worked out about one version of a document on one host. */
export class Analysis {
  readonly version: number;
  readonly host: HostProfile;
  readonly document: HtaccessDocument;
  readonly #options: DiagnoseOptions;
  #problems: readonly Problem[] | undefined;

  constructor(text: TextDocument, host: HostProfile, options: DiagnoseOptions) {
    this.version = text.version;
    this.host = host;
    this.document = new HtaccessDocument(text.getText());
    this.#options = options;
  }

  /** Worked out when they are first asked for. */
  get problems(): readonly Problem[] {
    return (this.#problems ??= diagnose(this.document, this.host, this.#options));
  }
}
