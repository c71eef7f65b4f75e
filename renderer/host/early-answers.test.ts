import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEarlyAnswers } from './early-answers.ts';

/** A host that answers with how often it was asked, and knows what was given up. */
function house() {
  const asked: { readonly address: string; readonly signal: AbortSignal | undefined }[] = [];
  const send = vi.fn((input: RequestInfo | URL, init?: RequestInit) => {
    asked.push({ address: String(input), signal: init?.signal ?? undefined });
    return Promise.resolve(new Response(String(asked.length)));
  });
  return { asked, answers: createEarlyAnswers(send) };
}
const mine = { Authorization: 'Bearer mine' };
const textOf = async (answer: Promise<Response>): Promise<string> => (await answer).text();

describe('answers that were asked for before the program was there', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are given once, and the next question is asked anew', async () => {
    const { asked, answers } = house();
    answers.ask('/api/session', mine);
    expect(await textOf(answers.fetch('/api/session', { headers: mine }))).toBe('1');
    expect(await textOf(answers.fetch('/api/session', { headers: mine }))).toBe('2');
    expect(asked).toHaveLength(2);
  });

  it('are not given to another session, to another question, or to one that changes something', async () => {
    const { asked, answers } = house();
    answers.ask('/api/session', mine);
    expect(await textOf(answers.fetch('/api/session', { headers: mine, method: 'DELETE' }))).toBe('2');
    expect(await textOf(answers.fetch('/api/worklist', { headers: mine }))).toBe('3');
    expect(await textOf(answers.fetch('/api/session', { headers: { Authorization: 'Bearer hers' } }))).toBe('4');
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  it('end with the question that took them, and are given up where nobody asks', async () => {
    const { asked, answers } = house();
    answers.ask('/api/session', mine);
    const left = new AbortController();
    void answers.fetch('/api/session', { headers: mine, signal: left.signal });
    left.abort();
    expect(asked[0]?.signal?.aborted).toBe(true);
    answers.ask('/api/capabilities', mine);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked[1]?.signal?.aborted).toBe(true);
    expect(await textOf(answers.fetch('/api/capabilities', { headers: mine }))).toBe('3');
  });
});
