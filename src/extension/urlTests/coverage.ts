import * as vscode from 'vscode';
import type { FileCoverage } from '../../server/evaluationProtocol';

/** The rules of one .htaccess, and by how many of the run tests each was carried out. */
export class RuleFileCoverage extends vscode.FileCoverage {
  readonly details: readonly vscode.StatementCoverage[];

  constructor({ uri, lines }: FileCoverage) {
    const reached = lines.filter(({ count }) => count > 0).length;
    super(vscode.Uri.parse(uri), new vscode.TestCoverageCount(reached, lines.length));
    this.details = lines.map(
      ({ line, count }) =>
        new vscode.StatementCoverage(count, new vscode.Range(line - 1, 0, line - 1, 10_000)),
    );
  }
}
