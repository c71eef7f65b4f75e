import { describe, expect, it } from 'vitest';
import { originRefusal } from './origin-check.ts';

const own = ['http://127.0.0.1:4870', 'http://localhost:4870', 'overread://app'];

function ask(headers: Record<string, string>): Request {
  // A plain object: `Request` drops Host and Sec-Fetch-Site, which a browser sets and a script cannot.
  return { headers: new Headers(headers) } as Request;
}

describe('who may ask the host at all', () => {
  const table: readonly (readonly [string, Record<string, string>, boolean])[] = [
    [
      'the page itself',
      { Host: '127.0.0.1:4870', Origin: 'http://127.0.0.1:4870', 'Sec-Fetch-Site': 'same-origin' },
      true,
    ],
    ['the address typed by hand', { Host: '127.0.0.1:4870', 'Sec-Fetch-Site': 'none' }, true],
    ['localhost by its name', { Host: 'localhost:4870', Origin: 'http://localhost:4870' }, true],
    ['a Host in capitals', { Host: 'LOCALHOST:4870' }, true],
    ['the desktop, which sends no Host', { Origin: 'overread://app' }, true],
    ['a program without a browser’s headers', { Host: '127.0.0.1:4870' }, true],
    ['a name that was rebound to 127.0.0.1', { Host: 'evil.example' }, false],
    ['a rebound name with our port', { Host: 'evil.example:4870' }, false],
    ['our address with another port', { Host: '127.0.0.1:4871' }, false],
    ['our address without a port', { Host: '127.0.0.1' }, false],
    ['a Host that begins like ours', { Host: '127.0.0.1:4870.evil.example' }, false],
    ['a Host that ends like ours', { Host: 'evil.example#127.0.0.1:4870' }, false],
    ['a Host with a user', { Host: 'x@127.0.0.1:4870' }, false],
    ['an empty Host', { Host: '' }, false],
    ['a page of another origin', { Host: '127.0.0.1:4870', Origin: 'http://evil.example' }, false],
    ['a page of another port', { Host: '127.0.0.1:4870', Origin: 'http://127.0.0.1:4871' }, false],
    ['our address by https', { Host: '127.0.0.1:4870', Origin: 'https://127.0.0.1:4870' }, false],
    ['a sandboxed frame or a file', { Host: '127.0.0.1:4870', Origin: 'null' }, false],
    ['an image on another page', { Host: '127.0.0.1:4870', 'Sec-Fetch-Site': 'cross-site' }, false],
    ['a page of the same site', { Host: '127.0.0.1:4870', 'Sec-Fetch-Site': 'same-site' }, false],
  ];
  for (const [who, headers, answered] of table) {
    it(`${answered ? 'answers' : 'refuses'} ${who}`, () => {
      expect(originRefusal(ask(headers), own) === null).toBe(answered);
    });
  }

  it('refuses everybody while the shell does not know its own address yet', () => {
    expect(originRefusal(ask({ Host: '127.0.0.1:4870' }), [])).not.toBe(null);
  });
});
