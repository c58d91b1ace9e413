import '../common/panel.css';
import './doctor.css';
import { announce } from '../common/announce';
import { buttonOf, element, made, textOf } from '../common/elements';
import type { DoctorTexts, FindingView, FromDoctor, ReportView, ToDoctor } from './messages';

declare function acquireVsCodeApi(): { readonly postMessage: (message: FromDoctor) => void };

/** The doctor's report: the verdict, what is wrong with its remedies, what is well. */
class DoctorPage {
  readonly #send = acquireVsCodeApi().postMessage;
  readonly #texts = JSON.parse(document.body.dataset['texts'] ?? '{}') as DoctorTexts;
  readonly #root = element('report', HTMLElement);

  start(): void {
    announce(this.#send, ({ data }: MessageEvent<ToDoctor>) => {
      if (data.type === 'busy') this.#root.replaceChildren(textOf('p', 'busy', data.text));
      else this.#show(data.report);
    });
  }

  #show({ heading, verdict, isWell, findings }: ReportView): void {
    const numbered = findings.map((finding, at) => ({ finding, at }));
    const wrong = numbered.filter(({ finding }) => finding.severity !== 'ok');
    const fine = numbered.filter(({ finding }) => finding.severity === 'ok');
    const title = textOf('h1', '', heading);
    title.tabIndex = -1;
    this.#root.replaceChildren(
      title,
      textOf('p', isWell ? 'verdict ok' : 'verdict error', verdict),
      this.#buttons(),
      ...wrong.map(({ finding, at }) => this.#finding(finding, at)),
      ...(fine.length === 0 ? [] : [textOf('h2', '', this.#texts.fine)]),
      ...fine.map(({ finding, at }) => this.#finding(finding, at)),
    );
    // The button that asked for this report is gone: who works with the keyboard or listens begins at its top. VS Code hands the focus
    // over before or after the report.
    const begin = (): void => {
      if (document.activeElement === document.body) title.focus({ preventScroll: true });
    };
    if (document.hasFocus()) begin();
    else window.addEventListener('focus', begin, { once: true });
  }

  #buttons(): HTMLElement {
    const buttons = made('div', 'buttons');
    const { again, learn, copy, copyJson } = this.#texts;
    buttons.append(
      buttonOf(again, () => this.#send({ type: 'again' })),
      buttonOf(copy, () => this.#send({ type: 'copy' })),
      buttonOf(copyJson, () => this.#send({ type: 'copy-json' })),
      buttonOf(learn, () => this.#send({ type: 'learn' }), 'secondary'),
    );
    return buttons;
  }

  #finding({ severity, title, why, evidence, remedies }: FindingView, at: number): HTMLElement {
    const section = made('section', `finding ${severity}`);
    const heading = textOf('h2', '', title);
    const mark = made('span', 'mark');
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', this.#texts.severities[severity]);
    heading.prepend(mark);
    section.append(heading);
    if (why !== '') section.append(textOf('p', '', why));
    for (const [number, { text, button }] of remedies.entries()) {
      const line = made('p', 'remedy');
      line.append(textOf('span', '', text));
      if (button !== null)
        line.append(
          buttonOf(
            button,
            () => this.#send({ type: 'fix', finding: at, remedy: number }),
            number === 0 ? '' : 'secondary',
          ),
        );
      section.append(line);
    }
    if (evidence.length > 0) section.append(this.#evidence(evidence, severity));
    return section;
  }

  #evidence(lines: readonly string[], severity: FindingView['severity']): HTMLElement {
    const details = made('details');
    details.open = severity === 'error';
    details.append(textOf('summary', '', this.#texts.evidence), textOf('pre', '', lines.join('\n')));
    return details;
  }
}

new DoctorPage().start();
