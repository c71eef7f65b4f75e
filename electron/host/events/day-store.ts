import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Priority } from '../../../shared/domain/order/index.ts';
import {
  addFigures,
  type DayFigures,
  figuresOfStudy,
  type IntervalSum,
  lineOfDay,
  noFigures,
  type ReadingEvent,
} from '../../../shared/domain/turnaround/index.ts';
import {
  type ByteReader,
  type ByteWriter,
  createByteReader,
  createByteWriter,
} from '../../../shared/lib/packed-bytes.ts';
import type { Sealer } from '../keys/types.ts';

export const daySchema = `
  CREATE TABLE day (line BLOB PRIMARY KEY, day BLOB NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX day_by_day ON day (day);
`;

/** In the order of their numbers, which never change. */
const priorities: readonly Priority[] = ['unknown', 'routine', 'urgent', 'asap', 'stat'];
export const numberOfPriority = (priority: Priority): number => Math.max(0, priorities.indexOf(priority));
export const priorityOfNumber = (number: number | undefined): Priority => priorities[number ?? 0] ?? 'unknown';

/** What was known of a study, and how urgent it was then: that much lies in its day. */
export type Known = { readonly events: readonly ReadingEvent[]; readonly priority: Priority };

export type DayStatements = {
  readonly read: StatementSync;
  readonly write: StatementSync;
  readonly remove: StatementSync;
  readonly ofDay: StatementSync;
};

export function prepareDays(database: DatabaseSync): DayStatements {
  return {
    read: database.prepare('SELECT body FROM day WHERE line = ?'),
    write: database.prepare(
      'INSERT INTO day (line, day, body) VALUES (?, ?, ?) ON CONFLICT (line) DO UPDATE SET body = excluded.body',
    ),
    remove: database.prepare('DELETE FROM day WHERE line = ?'),
    ofDay: database.prepare('SELECT line, body FROM day WHERE day = ?'),
  };
}

/** Gathers what a page changes, so that each line of a day is written once for it. */
export function createDayChanges(): {
  study(before: Known, after: Known): void;
  apply(statements: DayStatements, sealer: Sealer, damaged: () => Error): void;
} {
  const changes = new Map<string, DayFigures>();
  const add = (known: Known, sign: 1 | -1): void => {
    const figures = figuresOfStudy(known.events, known.priority);
    if (figures === null) return;
    const name = nameOf(figures);
    changes.set(name, addFigures(changes.get(name) ?? noFigures(figures), figures, sign));
  };
  return {
    study: (before, after) => {
      add(before, -1);
      add(after, 1);
    },
    apply: (statements, sealer, damaged) => {
      for (const [name, change] of changes) {
        const line = hashOf(sealer, name);
        const body = statements.read.get(line)?.body;
        const there = body instanceof Uint8Array ? openLine(sealer, line, body) : null;
        if (body !== undefined && there === null) throw damaged();
        const figures = there === null ? change : addFigures(there, change);
        if (figures.studies === 0) statements.remove.run(line);
        else statements.write.run(line, hashOf(sealer, change.day), sealer.seal(packLine(figures), aboutLine(line)));
      }
    },
  };
}

/** Every line of these days (UTC, "2026-11-28"). Throws what `damaged` makes where one does not open. */
export function linesOfDays(
  statements: DayStatements,
  sealer: Sealer,
  days: readonly string[],
  damaged: () => Error,
): readonly DayFigures[] {
  return days.flatMap((day) =>
    (statements.ofDay.all(hashOf(sealer, day)) as { line: Uint8Array; body: Uint8Array }[]).map(({ line, body }) => {
      const figures = openLine(sealer, line, body);
      if (figures === null) throw damaged();
      return figures;
    }),
  );
}

function nameOf(figures: DayFigures): string {
  return `${figures.day}|${lineOfDay(figures)}`;
}

function hashOf(sealer: Sealer, name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(sealer.index(`day|${name}`).slice(0, 32), 'hex'));
}

function aboutLine(line: Uint8Array): string {
  return `events-day|${Buffer.from(line).toString('hex')}`;
}

function openLine(sealer: Sealer, line: Uint8Array, body: Uint8Array): DayFigures | null {
  const opened = sealer.open(body, aboutLine(line));
  if (!opened.ok) return null;
  try {
    return unpackLine(opened.value);
  } catch {
    return null;
  }
}

function packLine(figures: DayFigures): Uint8Array {
  const writer = createByteWriter();
  writer.text(figures.day);
  for (const one of [figures.site, figures.reader]) {
    writer.byte(one === null ? 0 : 1);
    if (one !== null) writer.text(one);
  }
  writer.byte(numberOfPriority(figures.priority));
  const { studies, finals, preliminaries, breaches, questions, criticals, intervals } = figures;
  for (const one of [studies, finals, preliminaries, breaches, questions, criticals]) writer.unsigned(one);
  for (const one of [
    intervals.T_transfer,
    intervals.T_queue,
    intervals.T_lead,
    intervals.T_sign,
    intervals.RTAT,
    intervals['Order-to-result'],
  ])
    packSum(writer, one);
  return writer.finish();
}

function packSum(writer: ByteWriter, { count, sum, steps }: IntervalSum): void {
  const from = Math.max(
    0,
    steps.findIndex((one) => one !== 0),
  );
  writer.unsigned(count);
  writer.unsigned(sum);
  writer.unsigned(steps.length);
  writer.unsigned(from);
  for (const one of steps.slice(from)) writer.unsigned(one);
}

function unpackLine(bytes: Uint8Array): DayFigures {
  const reader = createByteReader(bytes);
  const perhaps = (): string | null => (reader.byte() === 0 ? null : reader.text());
  const count = reader.unsigned;
  return {
    day: reader.text(),
    site: perhaps(),
    reader: perhaps(),
    priority: priorityOfNumber(reader.byte()),
    studies: count(),
    finals: count(),
    preliminaries: count(),
    breaches: count(),
    questions: count(),
    criticals: count(),
    intervals: {
      T_transfer: unpackSum(reader),
      T_queue: unpackSum(reader),
      T_lead: unpackSum(reader),
      T_sign: unpackSum(reader),
      RTAT: unpackSum(reader),
      'Order-to-result': unpackSum(reader),
    },
  };
}

function unpackSum(reader: ByteReader): IntervalSum {
  const count = reader.unsigned();
  const sum = reader.unsigned();
  const length = reader.unsigned();
  const from = reader.unsigned();
  return { count, sum, steps: Array.from({ length }, (_, step) => (step < from ? 0 : reader.unsigned())) };
}
