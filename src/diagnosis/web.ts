import { well, type Finding } from './finding';
import type { Answer, Observations } from './observations';
import { lookup } from '../text/lookup';

const CONNECTION: Readonly<Record<string, readonly [title: string, why: string, remedy: string]>> = {
  ENOTFOUND: [
    'there is no such name',
    'The name of the site is not in the DNS, or is mistyped.',
    'Check the "url" of the target, and the DNS of the domain.',
  ],
  EAI_AGAIN: [
    'the name could not be looked up',
    'The network of this machine or its name server does not work.',
    'Check the network.',
  ],
  ECONNREFUSED: [
    'nothing answers there',
    'The web server is down, or listens on another port.',
    'Check the port in "url"; if it is right, ask your host whether the web server is down.',
  ],
  ETIMEDOUT: [
    'no answer came',
    'A firewall drops the requests, or the server hangs.',
    'Try from another network; then ask your host.',
  ],
  ECONNRESET: [
    'the connection was closed',
    'The web server closed the connection without an answer.',
    'Check whether "url" says http or https rightly; then ask your host.',
  ],
};

/** Code of a failure where the server was connected. */
const SILENT = 'silent';

/** Reachable, certificate, answers: what a visitor meets. */
export function judgeWeb(seen: Observations): readonly Finding[] {
  if (seen.target.url === null) return [noUrl()];
  const [first] = seen.answers;
  if (first === undefined) return [];
  const certificate = judgeCertificate(seen, first);
  if (first.failure && certificate.some(({ severity }) => severity === 'error')) return certificate;
  const unreached = seen.answers.every(({ failure }) => failure !== null && failure.code !== SILENT);
  if (unreached) return [unreachable(first), ...certificate];
  const isFine = agreementOf(seen.answers);
  return [
    ...certificate,
    ...seen.answers.flatMap((answer) => judgeAnswer(answer, isFine(answer))),
    ...allWell(seen.answers, isFine),
  ];
}

function noUrl(): Finding {
  return {
    code: 'web.no-url',
    severity: 'info',
    weight: 5,
    title: 'The address of the site is not known, so it was not asked.',
    why: 'The target has no "url" in .vscode/fastcgi.json.',
    evidence: [],
    remedies: [{ text: 'Add "url" to the target.' }],
  };
}

function unreachable({ url, failure }: Answer): Finding {
  const code = failure?.code ?? '';
  const [title, why, remedy] = lookup(CONNECTION, code) ?? [
    'no answer came',
    failure?.message ?? '',
    'Check the "url" of the target.',
  ];
  return {
    code: 'web.unreachable',
    severity: 'error',
    weight: 97,
    title: `The site cannot be reached: ${title}.`,
    why,
    evidence: [`${url}: ${failure?.message ?? code}`],
    remedies: [{ text: remedy }],
  };
}

function judgeCertificate({ certificate, now }: Observations, { url, failure }: Answer): readonly Finding[] {
  if (!url.startsWith('https:')) return [];
  const isBad = failure !== null && /CERT|SELF_SIGNED|ALTNAME|VERIFY|ISSUER/.test(failure.code);
  if (certificate === null) return [];
  const until = new Date(certificate.validTo * 1000).toISOString().slice(0, 10);
  const facts = [`for ${certificate.names.join(', ')}`, `by ${certificate.issuer}`, `until ${until}`];
  const days = Math.floor((certificate.validTo - now) / 86_400);
  if (days < 0)
    return [certificateFinding('expired', `The certificate of the site expired on ${until}.`, facts)];
  if (failure?.code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [
      certificateFinding(
        'name',
        `The certificate is for another name: ${certificate.names.join(', ')}.`,
        facts,
      ),
    ];
  if (isBad)
    return [
      certificateFinding('untrusted', 'Browsers do not trust the certificate of the site.', [
        ...facts,
        failure.message,
      ]),
    ];
  if (days < 14)
    return [
      {
        ...certificateFinding('ends-soon', `The certificate ends in ${days} days.`, facts),
        severity: 'warning',
        weight: 12,
      },
    ];
  return [well('web.certificate', `The certificate is good until ${until}.`, facts)];
}

function certificateFinding(name: string, title: string, evidence: readonly string[]): Finding {
  return {
    code: `web.certificate-${name}`,
    severity: 'error',
    weight: 96,
    title,
    why: 'Browsers show a warning instead of the site.',
    evidence,
    remedies: [{ text: "Renew it, or issue it for this name, in your host's control panel." }],
  };
}

/** A symptom, not a cause: what explains it goes before it. */
function judgeAnswer(answer: Answer, isFine: boolean): readonly Finding[] {
  const { url, status, predicted, failure } = answer;
  if (failure?.code === SILENT) return [silent(url, failure.message)];
  if (failure !== null || status === null) return [];
  const asked = [
    `${url} → ${status}${answer.origin === null ? '' : ` (${answer.origin})`}, ${answer.milliseconds} ms`,
  ];
  if (status >= 500) return [failing(status, asked)];
  if (predicted === null || isFine) return slow(answer);
  return [
    {
      code: 'web.other-answer',
      severity: 'error',
      weight: status === 404 || status === 403 ? 45 : 30,
      title: `The site answers ${status} where its files say ${predicted.status}.`,
      why: 'The server does not have the same files as this machine, or its configuration differs from the "host" that you described.',
      evidence: [
        ...asked,
        `foretold by the files on this machine: ${predicted.status}${predicted.location === null ? '' : ` ${predicted.location}`}`,
      ],
      remedies: [
        {
          text: 'Upload the site; if it stays so, see which rule acts.',
          fix: { kind: 'upload' },
          command: 'fastcgi upload',
        },
        {
          text: 'Show which rule acts.',
          command: `fastcgi explain ${url}`,
          fix: { kind: 'rule', target: url },
        },
      ],
    },
  ];
}

function failing(status: number, evidence: readonly string[]): Finding {
  return {
    code: `web.status-${status}`,
    severity: 'error',
    weight: 20,
    title: `The site answers ${status}.`,
    why:
      status === 503
        ? 'No process was free: all were busy, or mod_fcgid starts no more for a while because they ended again and again; or the host has closed the site.'
        : 'The program or the .htaccess failed; the other findings say why.',
    evidence,
    remedies: [{ text: 'Follow the log while you ask for the page again.', command: 'fastcgi log' }],
  };
}

/** What Apache's own pages for errors have; its ErrorDocuments and other servers have other types. */
const OF_APACHES_PAGE = /^text\/html; ?charset=iso-8859-1$/i;

/** Whether an answer is as the files say. */
function agreementOf(answers: readonly Answer[]): (answer: Answer) => boolean {
  const isReached = answers.some(
    ({ status, predicted }) => predicted?.byProgram === true && status !== null && status < 400,
  );
  return (answer) => {
    const { status, predicted } = answer;
    if (status === null || status >= 500) return false;
    if (predicted === null) return status < 400;
    return predicted.status === status || isScriptsOwn(answer, isReached);
  };
}

/**
 * A program that answers has its own say about the status. A 403 or 404 may be the server's, which does not lead to the program:
 * it is taken for the program's where other addresses reach it, and where it is no page of Apache's.
 */
function isScriptsOwn({ status, predicted, contentType }: Answer, isReached: boolean): boolean {
  if (predicted?.status !== 200 || status === null) return false;
  if (status !== 403 && status !== 404) return true;
  return predicted.byProgram && isReached && !OF_APACHES_PAGE.test(contentType ?? '');
}

function silent(url: string, message: string): Finding {
  return {
    code: 'web.silent',
    severity: 'error',
    weight: 20,
    title: `The server took the request, and there was ${message}.`,
    why: 'The program hangs, or the server has no worker left.',
    evidence: [url],
    remedies: [{ text: 'Look at what the program waits for; the log may show it.', command: 'fastcgi log' }],
  };
}

const SLOW = 5000;

function slow({ url, milliseconds, again }: Answer): readonly Finding[] {
  if (milliseconds < SLOW) return [];
  if (again !== null && again < SLOW) return [waited(url, milliseconds, again)];
  return [
    {
      code: 'web.slow',
      severity: 'warning',
      weight: 25,
      title: `The site took ${Math.round(milliseconds / 1000)} seconds to answer.`,
      why: 'The program is slow, or is started anew for each request because it ends after each.',
      evidence: [url],
      remedies: [{ text: 'Look at the incidents of the log, and at what the program does at its start.' }],
    },
  ];
}

/** Measured of mod_fcgid 2.3.9: a program that was mended waits for up to 64 s for what happened before. */
function waited(url: string, milliseconds: number, again: number): Finding {
  return {
    code: 'web.waited',
    severity: 'info',
    weight: 18,
    title: `The first request waited ${Math.round(milliseconds / 1000)} seconds, the next one ${again} ms.`,
    why: 'A program that ended again and again is started again by mod_fcgid only after a wait of up to a minute, also when it is mended by then; or its start takes long.',
    evidence: [url],
    remedies: [
      {
        text: 'Nothing needs to be done, unless each start takes so long: then look at what the program does at its start.',
      },
    ],
  };
}

function allWell(answers: readonly Answer[], isFine: (answer: Answer) => boolean): readonly Finding[] {
  const fine = answers.filter(isFine);
  if (fine.length === 0) return [];
  const [server] = answers.flatMap((answer) => answer.server ?? []);
  return [
    well('web.answers', `${fine.length} of ${answers.length} addresses answer as they should.`, [
      ...fine.slice(0, 5).map(({ url, status }) => `${url} → ${status}`),
      ...(server === undefined ? [] : [`Server: ${server}`]),
    ]),
  ];
}
