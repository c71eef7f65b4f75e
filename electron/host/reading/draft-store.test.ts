import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, draftFrom } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { openJournal } from '../journal/index.ts';
import type { Journal } from '../journal/types.ts';
import { openKeyRing } from '../keys/index.ts';
import type { Ports } from '../ports.ts';
import { createDraftStore } from './draft-store.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ports: Ports = {
  now: () => instant(Date.now()),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  newId: () => crypto.randomUUID(),
  log: silent,
};
const tasks = ['rt-1', 'rt-2'] as const;
const readers = ['ann', 'bob'] as const;
const runs = 40 * Number(process.env.SCALE ?? '1');

function draft(taskId: string, readerId: string, revision: number, baseVersion: number, words: string): Draft {
  const base = draftFrom(
    { clinicalInformation: '', technique: '', comparison: '' },
    { taskId: taskId as never, studyUid: '1.2.3' as never, readerId: readerId as never, now: instant(0) },
  );
  return { ...base, revision, baseVersion, sections: { ...base.sections, '59776-5': words } };
}

type Step =
  /** Revisions that are sent at once, in this order of arrival. */
  | { readonly kind: 'save'; readonly task: number; readonly reader: number; readonly revisions: readonly number[] }
  | { readonly kind: 'sign'; readonly task: number }
  /** The process dies: what is in memory is gone, the journal is opened again from its files. */
  | { readonly kind: 'kill' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      task: fc.nat(1),
      reader: fc.nat(1),
      revisions: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sign' as const), task: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
);

describe('drafts in the journal', () => {
  it(
    `in ${runs} random histories: nothing acknowledged is lost, nothing older wins, nobody’s words mix`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (history) => {
          const directory = await mkdtemp(join(tmpdir(), 'overread-drafts-'));
          const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
          if (!keyRing.ok) throw new Error(keyRing.error.message);
          const open = async (): Promise<Journal> => {
            const opened = await openJournal({ directory, keyRing: keyRing.value, ports });
            if (!opened.ok) throw new Error(opened.error.message);
            return opened.value;
          };
          const signed = new Map<string, number>();
          let journal = await open();
          let store = createDraftStore(journal, (taskId) => signed.get(taskId) ?? 0);
          /** The words that were acknowledged last, by task and reader. */
          const model = new Map<string, { revision: number; base: number; words: string }>();
          let count = 0;
          const expectModel = async (): Promise<void> => {
            for (const task of tasks)
              for (const reader of readers) {
                const known = model.get(`${task}|${reader}`);
                const current = known !== undefined && known.base >= (signed.get(task) ?? 0) ? known : null;
                const found = await store.latest(task, reader);
                expect(found?.sections['59776-5'] ?? null).toBe(current?.words ?? null);
                if (found !== null) expect([found.taskId, found.readerId]).toEqual([task, reader]);
              }
          };
          try {
            for (const one of history) {
              if (one.kind === 'kill') {
                await journal.close();
                journal = await open();
                store = createDraftStore(journal, (taskId) => signed.get(taskId) ?? 0);
              } else if (one.kind === 'sign') {
                const task = tasks[one.task] ?? 'rt-1';
                const before = signed.get(task) ?? 0;
                signed.set(task, before + 1);
                // A late save of before the signature is refused.
                const late = await store.save(draft(task, 'ann', 99, before, 'late'));
                expect(late.ok ? 'taken' : late.error.code).toBe('stale-draft');
              } else {
                const task = tasks[one.task] ?? 'rt-1';
                const reader = readers[one.reader] ?? 'ann';
                const base = signed.get(task) ?? 0;
                const sent = one.revisions.map((revision) => {
                  count += 1;
                  return { revision, words: `${task} ${reader} ${count}` };
                });
                const answers = await Promise.all(
                  sent.map(({ revision, words }) => store.save(draft(task, reader, revision, base, words))),
                );
                for (const [index, answer] of answers.entries()) {
                  const { revision, words } = sent[index] ?? { revision: 0, words: '' };
                  const before = model.get(`${task}|${reader}`);
                  const newer = before === undefined || base > before.base || revision > before.revision;
                  expect(answer.ok).toBe(newer);
                  if (answer.ok) model.set(`${task}|${reader}`, { revision, base, words });
                  else expect(answer.error.code).toBe('stale-draft');
                }
              }
              await expectModel();
            }
          } finally {
            await journal.close();
            await rm(directory, { recursive: true, force: true });
          }
        }),
        { numRuns: runs, seed: 20261122 },
      );
    },
    60_000 + 3_000 * runs,
  );
});

describe('a draft on a disk that hangs', () => {
  it('is not known to be saved until the disk has told, nothing is saved over it meanwhile, and the words come back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'overread-slow-draft-'));
    const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    const thread = new URL('../journal/slow-disk.fixture.ts', import.meta.url);
    const journal = await openJournal({ directory, keyRing: ring.value, ports, thread, deadline: 300 });
    if (!journal.ok) throw new Error(journal.error.message);
    const mark = join(directory, 'journal', 'journal.sqlite.slow');
    try {
      const store = createDraftStore(journal.value, () => 0);
      const save = async (revision: number, words: string): Promise<string> => {
        const saved = await store.save(draft('rt-1', 'ann', revision, 0, words));
        return saved.ok ? 'saved' : saved.error.code;
      };
      expect(await save(1, 'first')).toBe('saved');
      await writeFile(mark, 'draft');
      expect(await save(2, 'second')).toBe('not-known');
      expect(await save(2, 'of another window')).toBe('not-known');
      await rm(mark);
      // The first attempt was kept: what another window would put in its place is told so, the same window's next attempt is saved.
      expect(await save(2, 'of another window')).toBe('stale-draft');
      expect((await store.latest('rt-1', 'ann'))?.sections['59776-5']).toBe('second');
      expect(await save(3, 'second, once more')).toBe('saved');
      expect((await journal.value.all('draft')).map((one) => (one.body as Draft).revision)).toEqual([1, 2, 3]);
    } finally {
      await rm(mark, { force: true });
      await journal.value.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
