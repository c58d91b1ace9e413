import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exprRefusal, parseExpr, placeOptions, type ExprPlace } from '../../src/apache/expr';
import { ExprGenerator } from '../apache/expr/generate';
import { hasApache } from './apache';
import { findApxs } from './apache/build';
import { startJudge, type Judge, type Verdict } from './apache/judge';

const canRun = hasApache().available && findApxs() !== undefined;

/** Cases per run; EXPR_CASES and EXPR_SEED in the environment ask for others. */
const CASES = Number(process.env['EXPR_CASES'] ?? 16_000);
const SEED = Number(process.env['EXPR_SEED'] ?? 1);
/** A text that kills Apache's process costs the judge a second. */
const DEADLY_CASES = 3;
const MODULES = ['core', 'mod_ssl', 'mod_proxy_hcheck'];
const PATCH = 71;

/** An argument in quotes, as ap_getword_conf undoes them. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}

/** How an expression is written in a directive, and which ones cannot be written so. */
interface Form {
  readonly place: ExprPlace;
  readonly line: (text: string) => string;
  readonly unfit?: (text: string) => boolean;
}

const isEmpty = (text: string) => text === '';

const FORMS: readonly Form[] = [
  { place: 'If', line: (text) => `<If ${quoted(text)}>\n</If>` },
  { place: 'Require expr', line: (text) => `Require expr "${text}"`, unfit: isEmpty },
  {
    place: 'RewriteCond',
    line: (text) => `RewriteCond expr "${text}"`,
    unfit: (text) => /^$|^!|"|\\$/.test(text),
  },
  { place: 'Header value', line: (text) => `Header set X ${quoted(`expr=${text}`)}` },
  { place: 'Header condition', line: (text) => `Header set X 1 ${quoted(`expr=${text}`)}` },
  { place: 'SetEnvIfExpr', line: (text) => `SetEnvIfExpr ${quoted(text)} a=b`, unfit: isEmpty },
  { place: 'ErrorDocument', line: (text) => `ErrorDocument 404 ${quoted(text)}`, unfit: isEmpty },
  {
    place: 'Redirect',
    line: (text) => `Redirect ${quoted(text)}`,
    unfit: (text) => /^(permanent|temp|seeother|gone|\d.*|)$/i.test(text),
  },
  { place: 'AuthName', line: (text) => `AuthName ${quoted(text)}`, unfit: isEmpty },
  { place: 'SetHandler', line: (text) => `SetHandler ${quoted(text)}`, unfit: isEmpty },
  {
    place: 'SSLRequire',
    line: (text) => `SSLRequire ${text}`,
    unfit: (text) => /^$|^[ \t\v\f]|[ \t\v\f\\]$/.test(text),
  },
];

interface Case {
  readonly text: string;
  readonly line: string;
  /** What we say: Apache's message, null for accepted, 'crash'. */
  readonly ours: string | null;
}

function ourVerdict(form: Form, text: string): string | null {
  const parsed = parseExpr(text, { ...placeOptions(form.place, PATCH), modules: MODULES });
  if (!('problem' in parsed)) return null;
  if (parsed.problem.fatal) return 'crash';
  return exprRefusal(form.place, parsed.problem.message, { text, patch: PATCH });
}

function apachesVerdict(verdict: Verdict): string | null {
  return verdict.crashed ? 'crash' : (verdict.error?.message ?? null);
}

function makeCases(): Case[] {
  const random = new ExprGenerator(SEED);
  const cases: Case[] = [];
  for (let deadly = 0; cases.length < CASES;) {
    const form = random.pick(FORMS);
    const text = random.any(placeOptions(form.place, PATCH).mode);
    if (text.includes('${') || form.unfit?.(text)) continue;
    const ours = ourVerdict(form, text);
    if (ours === 'crash' && ++deadly > DEADLY_CASES) continue;
    cases.push({ text, line: form.line(text), ours });
  }
  return cases;
}

describe.skipIf(!canRun)('expressions in directives', () => {
  let judge: Judge;

  beforeAll(async () => {
    judge = await startJudge();
  });

  afterAll(() => judge.stop());

  it(`get Apache's verdict in Apache's words, ${CASES} times`, async () => {
    const cases = makeCases();
    const verdicts = await judge.judgeAll(cases.map(({ line }) => Buffer.from(line, 'latin1')));
    const differences = cases.flatMap(({ line, ours }, at) => {
      const apache = apachesVerdict(verdicts[at] as Verdict);
      return apache === ours ? [] : [{ line, apache, ours }];
    });
    expect(differences).toEqual([]);
    const refused = cases.filter(({ ours }) => ours !== null);
    expect(refused.length).toBeGreaterThan(CASES / 4);
    expect(refused.length).toBeLessThan((CASES * 3) / 4);
  });

  it.each([
    ['AuthType', 'AuthType "%{NONE}"'],
    ['Require list', 'Require user %{NONE}'],
    ['Require list', 'Require host %{NONE}'],
    ['AuthBasicFake user', 'AuthBasicFake %{NONE}'],
    ['AuthFormLoginRequiredLocation', 'AuthFormLoginRequiredLocation %{NONE}'],
    ['AuthFormLoginSuccessLocation', 'AuthFormLoginSuccessLocation %{NONE}'],
    ['AuthFormLogoutLocation', 'AuthFormLogoutLocation %{NONE}'],
    ['ProxyFCGISetEnvIf value', 'ProxyFCGISetEnvIf true x %{NONE}'],
    ['AuthnzFcgiCheckAuthnProvider', 'AuthnzFcgiCheckAuthnProvider a UserExpr %{NONE}'],
  ] as const)('%s words its refusal as in: %s', async (place, line) => {
    const inner = "Variable 'NONE' does not exist";
    const verdict = await judge.judge(line);
    expect(verdict.error?.message).toBe(exprRefusal(place, inner, { text: '%{NONE}', patch: PATCH }));
  });

  it.each([
    ['AuthBasicFake password', 'AuthBasicFake me %{NONE}', 'me', "Variable 'NONE' does not exist"],
    ['FilterProvider', 'FilterProvider a INCLUDES "-Q 1"', '-Q 1', "Unary operator '-Q' does not exist"],
    [
      'ProxyFCGISetEnvIf condition',
      'ProxyFCGISetEnvIf "-Q 1" x',
      '-Q 1',
      "Unary operator '-Q' does not exist",
    ],
  ] as const)('%s words its refusal as in: %s', async (place, line, text, inner) => {
    const verdict = await judge.judge(line);
    expect(verdict.error?.message).toBe(exprRefusal(place, inner, { text, patch: PATCH }));
  });
});
