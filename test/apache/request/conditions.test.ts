import { expect, it } from 'vitest';
import { meetsConditions } from '../../../src/apache/request/conditions';

const VERSION = { etag: '"x"', lastModified: 'Tue, 02 Jan 2024 00:00:00 GMT' };
const NOW = Date.parse('2025-01-01T00:00:00Z');

it.each([
  ['0', 200],
  ['2024', 200],
  ['Mon, 01 Jan 2024 00:00:00 GMT', 412],
  ['Monday, 01-Jan-24 00:00:00 GMT', 412],
  ['Mon Jan  1 00:00:00 2024', 412],
  ['Wed, 03 Jan 2024 00:00:00 GMT', 200],
])('takes only dates of HTTP for dates: %s', (date, status) => {
  const request = { method: 'GET', headers: [['If-Unmodified-Since', date] as const] };
  expect(meetsConditions(request, VERSION, NOW)).toBe(status);
});
