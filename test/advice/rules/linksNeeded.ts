import { describe, test } from 'vitest';
import { expectAdvice } from '../marked';

describe('options.rewrite-needs-links', () => {
  test('taken away', () => {
    expectAdvice(`Options -FollowSymLinks
^^^^^^^^^^^^^^^^^^^^^^^ options.rewrite-needs-links
RewriteEngine On
`);
  });

  test('a new list', () => {
    expectAdvice(`Options Indexes
^^^^^^^^^^^^^^^ options.rewrite-needs-links
RewriteEngine On
`);
  });

  test('enough', () => {
    expectAdvice(`Options Indexes SymLinksIfOwnerMatch
RewriteEngine On
`);
  });

  test('no rewriting', () => {
    expectAdvice(`Options Indexes
`);
  });
});
