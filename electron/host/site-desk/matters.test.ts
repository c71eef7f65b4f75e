import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Question, stepQuestion } from '../../../shared/domain/question/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { type FhirRouterServer, startFhirRouter } from '../../../test/servers/fhir-router/server.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { createRecordClient, createRecordSync } from '../record/index.ts';
import { createDeskBook } from './desk-book.ts';
import { questions } from './desk-room.ts';
import { createMatters } from './matters.ts';

const asked: Question = {
  ...{ id: 'question-1', taskId: 'task-1', orderId: 'order-1', siteId: 'site-larkspur', patientReference: 'patient-1' },
  ...{ kind: 'side', words: 'Which knee?', asker: { id: 'ann', name: 'Dr A. Tandewright' } },
  ...{ askedAt: instant(Date.UTC(2026, 10, 22, 9)), state: { kind: 'asked' } },
};

describe('a question to a site, in the record of somebody else', () => {
  let router: FhirRouterServer;
  beforeAll(async () => {
    router = await startFhirRouter();
  });
  afterAll(() => router.close());

  /** A host of the group: a client, what it follows, and its way of writing. */
  function host() {
    const ports = testPorts();
    const record = createRecordClient({
      name: 'router',
      baseUrl: router.url,
      credentials: { kind: 'none' },
      fetch: (request) => fetch(request),
      ports,
    });
    const sync = createRecordSync(record, ['Task'], { ports });
    return { sync, book: createDeskBook(sync), matters: createMatters(record, sync.learn) };
  }
  const answer = (by: string, choice: string) => (question: Question, now: Parameters<typeof stepQuestion>[2]) =>
    stepQuestion(
      question,
      { kind: 'answer', by: { id: by, name: by }, choice, words: '', attachment: null, correction: null },
      now,
    );

  it('is one question however often it is asked, and has one answer: of two hosts at once one wins and the other is told', async () => {
    const [north, south] = [host(), host()];
    const made = await Promise.all([
      north.matters.create(questions, asked),
      north.matters.create(questions, asked).then(() => south.matters.create(questions, asked)),
    ]);
    expect(made.every((one) => one.ok && one.value.id === asked.id)).toBe(true);
    await Promise.all([north.sync.cycle(), south.sync.cycle()]);
    expect([north.book.asked(), south.book.asked()].map((all) => all.map((one) => one.id))).toEqual([
      [asked.id],
      [asked.id],
    ]);

    const answers = await Promise.all([
      north.matters.change(questions, asked.id, answer('north desk', 'left')),
      south.matters.change(questions, asked.id, answer('south desk', 'right')),
    ]);
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    const lost = answers.find((one) => !one.ok);
    expect(lost?.ok === false && lost.error).toMatchObject({
      code: 'not-a-legal-move',
      message: expect.stringContaining('has answered it already'),
    });
    await Promise.all([north.sync.cycle(), south.sync.cycle()]);
    const [here, there] = [north, south].map(({ book }) => book.get(asked.id)?.of);
    expect(here).toEqual(there);
    expect(here).toMatchObject({ state: { kind: 'answered' } });
    expect([north.book.asked(), south.book.asked()]).toEqual([[], []]);
  });
});
