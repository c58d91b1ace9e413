import { describe, expect, it } from 'vitest';
import { logMarkup } from '../../src/extension/log/page';
import { pageHtml } from '../../src/extension/webviews/page';
import type { PanelTexts } from '../../src/panels/log/messages';

const levels = { error: 'Errors', warning: 'Warnings', info: 'Notices', debug: 'Everything' };
const severities = { error: 'Error', warning: 'Warning', info: 'Information' };
/** The words do not matter here; each is its own name. */
const texts = {
  ...(Object.fromEntries(
    `toolbar incidents lines filter filterHelp regex matchCase badPattern level source allSources sinceDeploy localTime serverTime zoneUnknown log incidentList close back copy copyReport save onlyRequest onlyProcess showLines newLines newest unseen noMatch noIncident noIncidentDetail chooseIncident cause remedy found also stack evidence times once firstTime lastTime isNew`
      .split(' ')
      .map((name) => [name, name]),
  ) as Omit<PanelTexts, 'levels' | 'severities'>),
  levels,
  severities,
};
const parts = {
  cspSource: 'https://webview.test',
  nonce: 'abc123',
  script: 'https://webview.test/log.js',
  style: 'https://webview.test/log.css',
  texts,
};

function logPage(of: typeof parts): string {
  return pageHtml({ ...of, markup: logMarkup(of.texts) });
}

/** Every character that ends a text, an attribute or a tag. */
const HOSTILE = `"><script>alert('x')</script>&amp;`;

describe('the page of the log panel', () => {
  it('allows its own script by nonce, its own styles by source, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(logPage(parts))?.[1];
    expect(policy?.split('; ').sort()).toEqual([
      "default-src 'none'",
      'font-src https://webview.test',
      "script-src 'nonce-abc123'",
      'style-src https://webview.test',
    ]);
  });

  it('has one script with the nonce, and neither inline code nor inline style', () => {
    const page = logPage(parts);
    expect(page.match(/<script[^>]*>/g)).toEqual([
      '<script nonce="abc123" src="https://webview.test/log.js">',
    ]);
    expect(page).toContain('src="https://webview.test/log.js"></script>');
    expect(page).not.toMatch(/\son\w+=|\sstyle=|<style|javascript:/i);
  });

  it('lets no translated text out of its place', () => {
    const hostile = Object.fromEntries(Object.keys(texts).map((key) => [key, HOSTILE]));
    const hostileSeverities = { error: HOSTILE, warning: HOSTILE, info: HOSTILE };
    const hostileLevels = { error: HOSTILE, warning: HOSTILE, info: HOSTILE, debug: HOSTILE };
    const page = logPage({
      ...parts,
      texts: { ...texts, ...hostile, levels: hostileLevels, severities: hostileSeverities },
    });
    expect(page).not.toContain('<script>alert');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\w+/g)).toEqual(logPage(parts).match(/<\w+/g));
  });

  it('lets no address out of its attribute', () => {
    const page = logPage({ ...parts, script: HOSTILE, style: HOSTILE, cspSource: HOSTILE });
    expect(page.match(/<\w+/g)).toEqual(logPage(parts).match(/<\w+/g));
  });

  it('hands the texts over as they are', () => {
    const odd = { ...texts, filter: HOSTILE };
    const attribute = /data-texts="([^"]*)"/.exec(logPage({ ...parts, texts: odd }))?.[1] ?? '';
    const decoded = attribute
      .replaceAll('&quot;', '"')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&');
    expect(JSON.parse(decoded)).toEqual(odd);
  });

  it('offers the levels from quietest to loudest', () => {
    const offered = [...logPage(parts).matchAll(/<option value="(\w+)">/g)].map(([, level]) => level);
    expect(offered).toEqual(['debug', 'info', 'warning', 'error']);
  });
});
