import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, minutes, after as timeAfter } from '../../lib/instant.ts';
import {
  type Contract,
  calendarOf,
  defaultContract,
  dispute,
  disputeCsv,
  type EventType,
  eventTypes,
  type ReadingEvent,
  termsOf,
} from './index.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const nine = instant(Date.parse('2026-11-20T09:00:00-06:00'));
const at = (count: number) => timeAfter(nine, minutes(count));

function event(type: EventType, when: Instant, change: Partial<ReadingEvent> = {}): ReadingEvent {
  return {
    id: `${type}-${when}`,
    type,
    occurredAt: when,
    recordedAt: null,
    clock: { source: 'record', skew: null, confidence: 'high' },
    actor: { kind: 'person', id: 'r-1', name: 'Dr M. Tandewright' },
    subject: { taskId: 'task-1', orderId: null, accession: null, studyUid: null, report: null },
    site: null,
    detail: '',
    cause: null,
    channel: null,
    ...change,
  };
}

const hours = { spans: [{ days: ['mon', 'fri'] as const, from: '08:00', to: '18:00' }], holidays: ['2026-11-27'] };
const agreed: Contract = {
  ...defaultContract,
  name: 'Nights 2026',
  pauses: ['question'],
  calendar: { ...defaultContract.calendar, routine: 'hours' },
};
const exam = { priority: 'stat', modality: 'CT' } as const;
const stat = termsOf(agreed, exam, calendarOf(hours, 'America/Chicago'));
const history = [
  event('images.complete', at(0)),
  event('order.query.opened', at(5), { id: 'q1' }),
  event('task.held', at(6)),
  event('order.query.answered', at(20), { cause: 'q1' }),
  event('task.resumed', at(22)),
  event('report.final', at(50)),
];
const asked = { terms: stat, exam, hours, zone: 'America/Chicago', events: history, now: at(90) };

describe('the dispute file of a study', () => {
  const file = dispute(asked, sha256);

  it('says the contract in words', () => {
    expect(file.contract).toEqual([
      'Nights 2026.',
      'The clock starts when the images are complete; if that is not known, when the study stands on the reading list.',
      'It stops for good when the first final report is released.',
      'It stands still while a question to the site waits for its answer.',
      'CT ordered STAT: 30 minutes.',
      'Every hour counts.',
    ]);
    const routine = { priority: 'routine', modality: 'CT' } as const;
    const byHours = termsOf(agreed, routine, calendarOf(hours, 'America/Chicago'));
    expect(dispute({ ...asked, exam: routine, terms: byHours }, sha256).contract.at(-1)).toBe(
      "Only the site's open hours count: mon, fri 08:00 to 18:00 (America/Chicago). Closed on 2026-11-27.",
    );
  });

  it('reckons the clock step by step, each with the event that it rests on', () => {
    expect(file.reckoning).toEqual([
      'Started 2026-11-20 09:00:00 CST (event 1).',
      'Stood still from 2026-11-20 09:05:00 CST (event 2) to 2026-11-20 09:20:00 CST: a question to the site waits for its answer.',
      'Stopped 2026-11-20 09:50:00 CST.',
      'Counted: 35 min 00 s of 30 minutes; 15 min 00 s of pauses left out.',
      'Due 2026-11-20 09:45:00 CST.',
      'Late by 5 min 00 s.',
      'Confidence: high. It rests on clocks known to be right to half a minute.',
    ]);
  });

  it('names what began and ended a pause, what answers what, and what this contract does not let pause', () => {
    expect(file.lines.map(({ pause, cause }) => [pause, cause])).toEqual([
      ['', null],
      ['begins: a question to the site waits for its answer', null],
      ['begins: the study is on hold, which this contract does not let pause', null],
      ['ends what event 2 began', 2],
      ['ends what event 3 began', null],
      ['', null],
    ]);
  });

  it('shows a wrong clock’s event at the record’s time, with its doubt', () => {
    const wrong = event('report.final', at(50 + 48 * 60), {
      clock: { source: 'desktop', skew: minutes(48 * 60), confidence: 'high' },
    });
    const found = dispute({ ...asked, events: [...history.slice(0, -1), wrong] }, sha256);
    expect(found.lines.at(-1)).toMatchObject({
      time: '2026-11-20 09:50:00 CST',
      confidence: 'low',
      doubt: 'that clock was 2880 min ahead, corrected',
    });
    expect(found.reckoning.at(-1)).toContain('Confidence: low');
    expect(found.reckoning.at(-2)).toBe('Late by 5 min 00 s.');
  });

  it('of a study whose clock has not started says so', () => {
    expect(dispute({ ...asked, events: [] }, sha256)).toMatchObject({
      reckoning: ['The clock has not started.'],
      chain: '0'.repeat(64),
    });
  });
});

describe('its chain of hashes', () => {
  const anyHistory = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom(...eventTypes), fc.integer({ min: 0, max: 500 }), fc.string({ maxLength: 8 }))
      .map(([type, minute, detail]) => event(type, at(minute), { id: `${type}-${minute}`, detail })),
    { selector: (one) => one.id, minLength: 1, maxLength: 12 },
  );
  const chain = (events: readonly ReadingEvent[]) => dispute({ ...asked, events }, sha256).chain;

  it('is the same whatever order the events came in, and whether the record has told when it took them', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        expect(chain([...events, ...events].reverse())).toBe(chain(events));
        expect(chain(events.map((one) => ({ ...one, recordedAt: timeAfter(one.occurredAt, minutes(1)) })))).toBe(
          chain(events),
        );
      }),
    );
  });

  it('changes with any word of any event, with one less and with one more', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), (events, pick) => {
        const which = pick % events.length;
        const changed = events.map((one, index) => (index === which ? { ...one, detail: `${one.detail}!` } : one));
        expect(chain(changed)).not.toBe(chain(events));
        expect(chain(events.filter((_, index) => index !== which))).not.toBe(chain(events));
        expect(chain([...events, event('sla.forgiven', at(501))])).not.toBe(chain(events));
      }),
    );
  });
});

describe('the CSV beside it', () => {
  const csv = (detail: string) =>
    disputeCsv(dispute({ ...asked, events: [event('images.complete', at(0), { detail })] }, sha256).lines);

  it('has a line for each event, and its times with their zone', () => {
    const [head, first, ...rest] = csv('rule count: 2 of 2').split('\r\n');
    expect(head).toBe('number,time,utc,what,who,clock,confidence,doubt,pause,cause,detail,id,hash');
    expect(first).toMatch(/^1,2026-11-20 09:00:00 CST,2026-11-20T15:00:00\.000Z,Images complete,Dr M\. Tandewright,/);
    expect(rest).toEqual(['']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =cmd|x'])('defuses %j', (text) => {
    expect(csv(text)).toMatch(/,"?'/);
  });

  it('no text makes a second line, a second field or a formula', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', 'a', ' ') }),
        (text) => {
          const fields = parsed(csv(text))[1] ?? [];
          expect(parsed(csv(text))).toHaveLength(2);
          expect(fields).toHaveLength(13);
          expect([text, `'${text}`]).toContain(fields[10]);
          for (const field of fields) expect(field).not.toMatch(/^[=+\-@\t\r]/);
        },
      ),
    );
  });
});

/** RFC 4180, read by a reader of its own. */
function parsed(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index] ?? '';
    if (quoted && sign === '"' && text[index + 1] === '"') {
      field += '"';
      index++;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ',') {
      rows.at(-1)?.push(field);
      field = '';
    } else if (!quoted && sign === '\r' && text[index + 1] === '\n') {
      rows.at(-1)?.push(field);
      field = '';
      rows.push([]);
      index++;
    } else field += sign;
  }
  return rows.filter((row) => row.length > 0);
}
