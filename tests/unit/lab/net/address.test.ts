import { expect, test } from 'vitest';
import { publicAddress, redirectTarget } from '../../../../src/lab/net/address.ts';
import { labError } from '../../../helpers/dataFiles.ts';

test('an address in a message has neither query nor password', () => {
  expect(publicAddress(new URL('https://user:SECRET@example.org/a/b?signature=SECRET#SECRET'))).toBe(
    'https://example.org/a/b',
  );
});

test.each([
  ['https://example.org/a', '/b?c=1', 'https://example.org/b?c=1'],
  ['https://example.org/a', '//cdn.example.org/b', 'https://cdn.example.org/b'],
  ['http://example.org/a', 'https://cdn.example.org/b', 'https://cdn.example.org/b'],
  ['http://example.org/a', 'http://cdn.example.org/b', 'http://cdn.example.org/b'],
  ['https://localhost/a', 'http://localhost:8080/b', 'http://localhost:8080/b'],
  ['https://127.0.0.1/a', 'http://127.0.0.1/b', 'http://127.0.0.1/b'],
  ['https://example.org/a', 'https://user:password@example.org/b', 'https://example.org/b'],
])('from %s, "%s" leads to %s', (from, location, target) => {
  expect(redirectTarget(new URL(from), location, 'The file').href).toBe(target);
});

test.each([
  ['https://example.org/a', 'http://example.org/a', 'which is not encrypted'],
  ['https://example.org/a', 'http://127.0.0.1/a', 'which is not encrypted'],
  ['https://example.org/a', 'file:///etc/passwd', 'redirects to something that is not a web address'],
  ['https://example.org/a', null, 'redirects to something that is not a web address'],
])('from %s, "%s" is not followed', async (from, location, message) => {
  const error = await labError(
    async () => Promise.resolve(redirectTarget(new URL(from), location, 'The file')),
    'download',
  );
  expect(error.message).toContain(message);
});
