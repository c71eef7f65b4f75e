import { describe, expect, it } from 'vitest';
import { createEarlyAnswers } from './early-answers.ts';
import { type EarlyCase, startEarly } from './early-start.ts';
import { createSessionStore } from './session-store.ts';

/** What is asked by a window with or without a session, and of which case its address is. */
function askedBy(token: string | null, opens: EarlyCase | null) {
  const kept = new Map([['overread.window', 'w-1'], ...(token === null ? [] : [['overread.token', token] as const])]);
  const asked: {
    readonly address: string;
    readonly method: string;
    readonly token: string | null;
    readonly body: unknown;
  }[] = [];
  const send: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    asked.push({
      address: String(input).replace('http://own', ''),
      method: init?.method ?? 'GET',
      token: headers.get('Authorization'),
      body: init?.body ?? null,
    });
    expect(headers.get('Overread-Window')).toBe('w-1');
    return Promise.reject(new Error('the host is not there yet'));
  };
  const session = createSessionStore({
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    path: '/',
    newId: () => 'w-2',
  });
  startEarly({ origin: 'http://own', session, answers: createEarlyAnswers(send), opens, send });
  return asked;
}

describe('the first script of the page', () => {
  it('asks what the host offers, and nothing in the name of nobody', () => {
    expect(askedBy(null, { taskId: 'rt-1', mode: 'look' }).map((one) => [one.address, one.token])).toEqual([
      ['/api/capabilities', null],
    ]);
  });

  it('asks who reads here, and tells which case will be opened and how', () => {
    const asked = askedBy('secret', { taskId: 'rt-1', mode: 'read' });
    expect(asked.map((one) => [one.method, one.address, one.token])).toEqual([
      ['GET', '/api/capabilities', 'Bearer secret'],
      ['GET', '/api/session', 'Bearer secret'],
      ['POST', '/api/cases/rt-1/expect', 'Bearer secret'],
    ]);
    expect(asked.at(-1)?.body).toBe('{"mode":"read"}');
    expect(askedBy('secret', null)).toHaveLength(2);
  });
});
