import { describe, expect, it } from 'vitest';
import type { Study, StudyUid } from '../../../shared/domain/study/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { ArchiveClient, ArchiveFailure, InstanceSummary } from '../archive/types.ts';
import type { Ports } from '../ports.ts';
import { createStudyBook } from './study-poll.ts';

const uid = '1.2.3' as StudyUid;
const image = (number: number) => ({ instanceUid: `1.2.3.${number}` }) as unknown as InstanceSummary;
const trouble = (code: ArchiveFailure['code']): Result<never, ArchiveFailure> =>
  err({ code, asked: 'instances', cameBack: code, message: `It is ${code}.` });

/** An archive whose next answers are given beforehand. */
function archiveOf() {
  const answers = {
    instances: ok([]) as Result<readonly InstanceSummary[], ArchiveFailure>,
    studies: ok([]) as Result<readonly Study[], ArchiveFailure>,
    /** How many lists of a window were read. */
    read: 0,
  };
  const archive: Partial<ArchiveClient> = {
    instances: async () => answers.instances,
    searchStudies: async () => answers.studies,
    searchDays: async (_dates, known) => {
      if (!answers.studies.ok) return answers.studies;
      const print = [{ digest: JSON.stringify(answers.studies.value), rows: answers.studies.value.length }];
      const same = known?.[0]?.digest === print[0]?.digest;
      if (!same) answers.read += 1;
      return ok({ studies: same ? null : answers.studies.value, print });
    },
  };
  let now = 0;
  const ports: Partial<Ports> = { now: () => instant(now) };
  const later = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { answers, later, book: createStudyBook(archive as ArchiveClient, ports as Ports, 7) };
}

describe('the images of a study are asked for', () => {
  it('and a list that the archive gave just now is fresh, an empty one too', async () => {
    const { answers, book } = archiveOf();
    answers.instances = ok([image(1), image(2)]);
    expect(await book.instances(uid)).toMatchObject({ fresh: true, list: [image(1), image(2)] });
    answers.instances = ok([]);
    expect(await book.instances(uid)).toMatchObject({ fresh: true, list: [] });
  });

  it.each(['unreachable', 'timeout', 'unauthorised', 'not-dicomweb', 'refused', 'ambiguous-patient'] as const)(
    'and while the archive is %s the last list is told as an old one, with the reason',
    async (code) => {
      const { answers, book } = archiveOf();
      answers.instances = trouble(code);
      expect(await book.instances(uid)).toMatchObject({ code });
      answers.instances = ok([image(1)]);
      await book.instances(uid);
      answers.instances = trouble(code);
      expect(await book.instances(uid)).toMatchObject({ fresh: false, list: [image(1)], why: { code } });
    },
  );

  it('and a 404 means that the study is gone only where the archive, asked for it, finds none', async () => {
    const { answers, book } = archiveOf();
    answers.instances = ok([image(1)]);
    await book.instances(uid);
    answers.instances = trouble('not-found');
    answers.studies = trouble('not-found');
    expect(await book.instances(uid)).toMatchObject({ fresh: false, list: [image(1)] });
    answers.studies = ok([{ studyUid: uid } as Study]);
    expect(await book.instances(uid)).toMatchObject({ fresh: false, list: [image(1)] });
    answers.studies = ok([]);
    expect(await book.instances(uid)).toMatchObject({ fresh: true, list: [] });
  });
});

describe('a study that the archive’s list of its day', () => {
  it('lacks is told as missing, with its silence none, and as there again once it is listed', async () => {
    const { answers, later, book } = archiveOf();
    const cycle = (): Promise<void> => {
      later(3_600_000);
      return book.cycle();
    };
    const study = { studyUid: uid, studyDate: '19700101', instanceCount: 2 } as Study;
    const told: (readonly string[])[] = [];
    book.onChange((uids) => told.push(uids));
    answers.studies = ok([study]);
    await cycle();
    expect([book.isMissing(uid), told]).toEqual([false, [[uid]]]);
    answers.studies = trouble('timeout');
    await cycle();
    expect(book.isMissing(uid)).toBe(false);
    answers.studies = ok([]);
    await cycle();
    expect([book.isMissing(uid), told.at(-1)]).toEqual([true, [uid]]);
    answers.studies = ok([study]);
    await cycle();
    expect([book.isMissing(uid), told.at(-1)]).toEqual([false, [uid]]);
  });

  it('lacks under the date that was corrected is told as missing once, and not for the date that it had', async () => {
    const { answers, later, book } = archiveOf();
    const listed = async (studies: readonly Study[]): Promise<boolean> => {
      answers.studies = ok(studies);
      later(3_600_000);
      await book.cycle();
      return book.isMissing(uid);
    };
    const dated = (studyDate: string) => ({ studyUid: uid, studyDate, instanceCount: 2 }) as Study;
    expect(await listed([dated('19700101')])).toBe(false);
    expect(await listed([dated('19680101')])).toBe(false);
    // Its new date lies outside the days that are listed: their list says nothing of it.
    expect(await listed([])).toBe(false);
    expect(await listed([dated('19700101')])).toBe(false);
    expect(await listed([])).toBe(true);
  });
});

describe('a list of the archive that stands still', () => {
  it('is read once, and again when what is known of its days came from elsewhere', async () => {
    const { answers, later, book } = archiveOf();
    const cycle = async (studies: readonly Study[]): Promise<number> => {
      answers.studies = ok(studies);
      later(3_600_000);
      await book.cycle();
      return answers.read;
    };
    const study = (instanceCount: number, studyDate = '19700101') =>
      ({ studyUid: uid, studyDate, instanceCount }) as Study;
    expect(await cycle([study(2)])).toBe(1);
    expect(await cycle([study(2)])).toBe(1);
    // Looked up by an order it had grown; then the archive lost the image again, and its list is the one before.
    answers.studies = ok([study(3)]);
    await book.look({ studyUid: uid });
    expect(book.get(uid)?.study.instanceCount).toBe(3);
    expect(await cycle([study(2)])).toBe(2);
    expect(book.get(uid)?.study.instanceCount).toBe(2);
    answers.studies = ok([study(2, '19500101')]);
    await book.look({ studyUid: uid });
    expect(await cycle([study(2)])).toBe(3);
    expect(book.get(uid)?.study.studyDate).toBe('19700101');
  });
});
