import { CompletionItemKind } from 'vscode-languageserver';
import { words, type Proposal } from './proposal';
import { lookup } from '../../text/lookup';

/** Headers of answers, those that sites set most first. */
const RESPONSE = [
  'Cache-Control', 'Content-Security-Policy', 'Strict-Transport-Security', 'X-Content-Type-Options', 'X-Frame-Options',
  'Referrer-Policy', 'Permissions-Policy', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers', 'Access-Control-Allow-Credentials', 'Access-Control-Expose-Headers', 'Access-Control-Max-Age',
  'Vary', 'ETag', 'Set-Cookie', 'Link', 'X-Robots-Tag', 'X-Powered-By', 'Content-Disposition', 'Content-Type', 'Content-Encoding',
  'Content-Language', 'Expires', 'Last-Modified', 'Age', 'Pragma', 'Retry-After', 'Server', 'Service-Worker-Allowed', 'Timing-Allow-Origin',
  'Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy', 'Cross-Origin-Resource-Policy', 'Clear-Site-Data',
  'Content-Security-Policy-Report-Only', 'Accept-Ranges', 'Allow', 'WWW-Authenticate', 'X-DNS-Prefetch-Control', 'X-UA-Compatible', 'X-XSS-Protection',
]; // prettier-ignore

/** Headers of requests, those that rules look at most first. */
const REQUEST = [
  'Host', 'User-Agent', 'Referer', 'Cookie', 'Accept', 'Accept-Encoding', 'Accept-Language', 'Authorization', 'X-Forwarded-Proto',
  'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Real-IP', 'Forwarded', 'Origin', 'X-Requested-With', 'Content-Type',
  'Content-Length', 'Upgrade', 'Upgrade-Insecure-Requests', 'Connection', 'Range', 'If-Modified-Since', 'If-None-Match', 'If-Range',
  'Cache-Control', 'Pragma', 'DNT', 'Via', 'Expect', 'TE', 'Sec-Fetch-Site', 'Sec-Fetch-Mode', 'Sec-Fetch-Dest', 'Sec-Fetch-User',
  'Sec-GPC', 'Access-Control-Request-Method', 'Access-Control-Request-Headers', 'CF-Connecting-IP', 'CF-Visitor', 'Proxy',
]; // prettier-ignore

/** Values that are written again and again, by header in lower case. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'cache-control': [
    '"max-age=31536000, public, immutable"',
    '"max-age=3600, public"',
    '"no-cache"',
    '"no-store"',
    '"private"',
  ],
  'content-security-policy': [
    `"default-src 'self'"`,
    `"frame-ancestors 'none'"`,
    '"upgrade-insecure-requests"',
  ],
  'strict-transport-security': ['"max-age=31536000"', '"max-age=31536000; includeSubDomains"'],
  'x-content-type-options': ['nosniff'],
  'x-frame-options': ['SAMEORIGIN', 'DENY'],
  'referrer-policy': ['strict-origin-when-cross-origin', 'same-origin', 'no-referrer'],
  'permissions-policy': ['"camera=(), microphone=(), geolocation=()"'],
  'access-control-allow-origin': ['"*"', '"https://example.com"'],
  'access-control-allow-methods': ['"GET, POST, OPTIONS"'],
  'access-control-allow-headers': ['"Content-Type, Authorization"'],
  'access-control-allow-credentials': ['"true"'],
  'cross-origin-opener-policy': ['same-origin', 'same-origin-allow-popups', 'unsafe-none'],
  'cross-origin-embedder-policy': ['require-corp', 'credentialless'],
  'cross-origin-resource-policy': ['same-origin', 'same-site', 'cross-origin'],
  'x-robots-tag': ['"noindex, nofollow"', 'noindex'],
  vary: ['Accept-Encoding', 'Origin', 'Cookie'],
  'content-encoding': ['gzip', 'br'],
  'content-disposition': ['attachment', 'inline'],
};

/** Names of headers. */
export function headerNames(side: 'request' | 'response'): Proposal[] {
  return words(side === 'request' ? REQUEST : RESPONSE, CompletionItemKind.Field);
}

/** Usual values of a header. */
export function headerValues(name: string): Proposal[] {
  return words(lookup(VALUES, name.toLowerCase()) ?? []);
}
