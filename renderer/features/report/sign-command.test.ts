import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaseDetail, ReportView } from '../../../shared/api/index.ts';
import { type Draft, draftFrom, type ReleaseKind } from '../../../shared/domain/report/index.ts';
import { compareIdentity, type PatientIdentity } from '../../../shared/domain/study/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';
import type { SaverState } from './draft-saver.ts';
import { statusWord, waitingVersion } from './report-labels.ts';
import { identityBlocks, signBlock, startBlock } from './sign-blocks.ts';
import { coveredBy, createSignPress, identityRows, type SignInput, shownTuple, signInput } from './sign-command.ts';

const ottoline: PatientIdentity = {
  id: '4471-9032',
  issuer: 'LKG',
  name: 'Quillfeather^Ottoline',
  birthDate: '19520309',
  sex: 'F',
};

function detailOf(images: Partial<PatientIdentity> = {}, change: Partial<CaseDetail> = {}): CaseDetail {
  const study = {
    patient: { ...ottoline, name: 'QUILLFEATHER^OTTOLINE', ...images },
    modalities: ['CT'],
    description: 'CT chest',
    laterality: null,
    // Documents lie among the images.
    instanceCount: 489,
  };
  const order = {
    patient: ottoline,
    procedure: { system: '', code: '', display: 'CT chest abdomen pelvis, contrast' },
    modality: 'CT',
    laterality: null,
  };
  return {
    context: { taskId: 'task-1', studyUid: '1.2.3', accession: 'LKG-88213', epoch: 7 },
    mode: 'read',
    claim: { reader: 'reader-1', readerName: 'Dr M. Tandewright', fencingToken: 3, leaseUntil: 0 },
    order,
    study,
    row: { images: { present: 486, expected: null } },
    identity: compareIdentity(ottoline, study.patient),
    identityResolution: null,
    ...change,
  } as unknown as CaseDetail;
}
const blank = draftFrom(
  { clinicalInformation: '', technique: '', comparison: '' },
  { taskId: 'task-1', studyUid: '1.2.3', readerId: 'reader-1', now: instant(0) },
);
const written: Draft = { ...blank, revision: 4, sections: { ...blank.sections, '19005-8': 'No  effusion.\n' } };
const view = (state: ReportView['state'], versions: unknown[] = []): ReportView =>
  ({ reportId: 'r', state, versions }) as ReportView;
const saverOf = (standing: SaverState['standing'], draft: Draft = written): SaverState => ({
  draft,
  standing,
  localTrouble: null,
  hostTrouble: null,
  inHost: true,
  savedAt: null,
});

describe('what the dialog shows is what is sent', () => {
  test('the tuple in the words of the host: name, birth date, accession, exam of the order', () => {
    expect(shownTuple(detailOf())).toEqual({
      name: 'Quillfeather, Ottoline',
      birthDate: '1952-03-09',
      accession: 'LKG-88213',
      exam: 'CT chest abdomen pelvis, contrast',
    });
  });

  test('without an order the images speak; without a birth date nothing is made up', () => {
    const detail = detailOf({ birthDate: null }, { order: null });
    expect(shownTuple(detail)).toMatchObject({ name: 'QUILLFEATHER, OTTOLINE', birthDate: '', exam: 'CT chest' });
  });

  test('the draft of the command is of the kind that is signed, and a password that was not asked is not sent', () => {
    const input = signInput({
      commandId: 'c',
      kind: 'addendum',
      detail: detailOf(),
      shown: shownTuple(detailOf()),
      draft: written,
      comparisons: ['1.9'],
      password: '',
      linked: null,
    });
    expect(input).toMatchObject({ kind: 'addendum', fencingToken: null, draft: { kind: 'addendum', revision: 4 } });
    expect('password' in input).toBe(false);
  });

  test('it counts what the signature covers', () => {
    expect(coveredBy('final', written, detailOf(), ['1.9'], null)).toEqual({
      words: 2,
      ofBefore: 0,
      images: 486,
      atMost: false,
      measurements: 0,
      comparisons: 1,
    });
  });

  test('it calls no number of images certain while documents among them are not told apart', () => {
    const detail = detailOf();
    const uncounted = { row: { ...detail.row, images: { ...detail.row.images, atMost: true as const } } };
    expect(coveredBy('final', written, uncounted, [], null).atMost).toBe(true);
  });

  test('an addendum covers the words of the version before and its own', () => {
    const before = { content: { sections: [{ code: '59776-5', title: 'Findings', text: 'No effusion seen.' }] } };
    const draft: Draft = { ...blank, kind: 'addendum', addendum: 'Phoned.' };
    const covered = coveredBy('addendum', draft, detailOf(), [], before as unknown as Parameters<typeof coveredBy>[4]);
    expect([covered.words, covered.ofBefore]).toEqual([4, 3]);
  });
});

describe('order against images, field by field', () => {
  test('case alone is no difference, and both sides are shown', () => {
    expect(identityRows(detailOf()).map((row) => row.standing)).toEqual(['same', 'same', 'same', 'same', 'same']);
  });

  test('another birth date is a stop with both values', () => {
    const born = identityRows(detailOf({ birthDate: '19530309' })).find((row) => row.label === 'Born');
    expect(born).toMatchObject({ order: '1952-03-09', images: '1953-03-09', standing: 'stop' });
    expect(born?.words).toContain('1953-03-09');
  });

  test('what one side does not say is never ticked', () => {
    const rows = identityRows(detailOf({ sex: null, birthDate: null, id: null, issuer: null }));
    expect(rows.map((row) => row.standing)).toEqual(['same', 'one-sided', 'one-sided', 'one-sided', 'same']);
  });

  test('ids of two issuers are told, never ticked', () => {
    const id = identityRows(detailOf({ id: '9', issuer: 'OTHER' })).find((row) => row.label === 'Patient id');
    expect([id?.standing, id?.order, id?.images]).toEqual(['tell', '4471-9032 LKG', '9 OTHER']);
  });

  test('another side of the body is not ticked', () => {
    const detail = detailOf();
    const sided = {
      ...detail,
      order: { ...detail.order, laterality: 'L' },
      study: { ...detail.study, laterality: 'R' },
    } as unknown as CaseDetail;
    const exam = identityRows(sided).find((row) => row.label === 'Exam');
    expect(exam).toMatchObject({ standing: 'one-sided', images: 'CT chest, R' });
  });
});

describe('what stands in the way of signing', () => {
  const facts = (change: Partial<Parameters<typeof signBlock>[1]> = {}) => ({
    detail: detailOf(),
    report: view('draft'),
    saver: saverOf('saved'),
    opening: false,
    storeless: false,
    linked: null,
    ...change,
  });
  const row = (kind: ReleaseKind, change: Parameters<typeof facts>[0]) => signBlock(kind, facts(change));

  test('nothing, for words in both places with a claim and one patient', () => {
    expect(row('preliminary', {})).toBeNull();
    expect(row('final', { saver: saverOf('saving') })).toBeNull();
  });
  test.each([
    ['look', { detail: detailOf({}, { mode: 'look' }) }, 'Opened with Look'],
    ['no claim', { detail: detailOf({}, { claim: null }) }, 'no claim'],
    ['a stop', { detail: detailOf({ birthDate: '19530309' }) }, 'Order and images differ'],
    ['no images', { detail: detailOf({}, { study: null }) }, 'No images'],
    ['nothing written', { saver: saverOf('untouched', blank) }, 'Nothing is written'],
    ['not saved', { saver: saverOf('not-saved') }, 'Not saved'],
    ['newer words elsewhere', { saver: saverOf('stale') }, 'newer words'],
    ['another window', { saver: null }, 'Another window'],
    ['a final', { report: view('final') }, 'A final report is released already'],
    [
      'a version that waits',
      { report: view('signed-not-released', [{ state: 'signed-not-released', returned: null }]) },
      'waits',
    ],
  ])('%s blocks and says so', (_name, change, words) => {
    expect(row('final', change)).toContain(words);
  });
  test('a stop that was resolved for other differences blocks still', () => {
    const detail = detailOf({ birthDate: '19530309' });
    const differences = detail.identity.differences.map((one) => one.words);
    const resolved = (texts: readonly string[]) => ({
      ...detail,
      identityResolution: { reason: 'spoke to the ward', by: 'Dr M.', at: instant(0), differences: texts },
    });
    expect(identityBlocks(resolved(differences))).toBe(false);
    expect(identityBlocks(resolved(['sex: order F, images M']))).toBe(true);
  });
  test('an addendum needs a final and words, but no claim', () => {
    expect(startBlock('addendum', { detail: detailOf({}, { claim: null }), report: view('final') })).toBeNull();
    expect(startBlock('addendum', { detail: detailOf(), report: view('preliminary') })).toContain(
      'no final report yet',
    );
    expect(
      row('addendum', { report: view('final'), saver: saverOf('saved', { ...blank, kind: 'addendum' }) }),
    ).toContain('empty');
    expect(row('preliminary', { report: view('preliminary') })).toContain('preliminary report is released already');
  });
  test('without a store on this machine the host’s copy is enough to sign, a failing store is not', () => {
    expect(row('final', { saver: saverOf('not-saved'), storeless: true })).toBeNull();
    expect(row('final', { saver: { ...saverOf('not-saved'), inHost: false }, storeless: true })).toContain('Not saved');
  });
});

describe('one press of Sign', () => {
  const input = { commandId: 'press-1', draft: written } as unknown as SignInput;
  const failure = (from: 'host' | 'page', code: CallFailure['code'] = 'upstream-unreachable'): CallFailure => ({
    code,
    message: 'm',
    from,
  });
  const noWait = () => Promise.resolve();

  test('an answer that was lost is asked for again with the same id, and signs once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }), async (reached) => {
        const signed = new Map<string, number>();
        const ids = new Set<string>();
        let at = 0;
        const call = async (_name: string, request: { input: SignInput }) => {
          const arrives = reached[at % reached.length] === true;
          at += 1;
          ids.add(request.input.commandId);
          if (arrives && !signed.has(request.input.commandId)) signed.set(request.input.commandId, 1);
          // The answer itself gets through every third time.
          return arrives && at % 3 === 0 ? ok({ report: view('final'), deliveries: [] }) : err(failure('page'));
        };
        const press = createSignPress({ input, host: { call } as unknown as Pick<HostClient, 'call'>, wait: noWait });
        const first = await press.ask();
        const second = first.kind === 'unknown' ? await press.ask() : first;
        expect([...ids]).toEqual(['press-1']);
        expect(signed.size).toBeLessThanOrEqual(1);
        if (second.kind === 'signed') expect(signed.size).toBe(1);
        expect(second.kind).not.toBe('refused');
      }),
    );
  });

  test('"not known yet" is no answer: the same press is asked again until the host knows', async () => {
    let asked = 0;
    const told: string[] = [];
    const call = async () => {
      asked += 1;
      return asked < 3 ? err(failure('host', 'not-known')) : ok({ report: view('final'), deliveries: [] });
    };
    const outcome = await createSignPress({
      input,
      host: { call } as unknown as Pick<HostClient, 'call'>,
      wait: noWait,
      onLost: ({ code }) => told.push(code),
    }).ask();
    expect([outcome.kind, asked, told]).toEqual(['signed', 3, ['not-known', 'not-known']]);
  });

  test('a refusal of the host is an answer: it is not asked again', async () => {
    let asked = 0;
    const call = async () => {
      asked += 1;
      return err(failure('host', 'wrong-password'));
    };
    const outcome = await createSignPress({
      input,
      host: { call } as unknown as Pick<HostClient, 'call'>,
      wait: noWait,
    }).ask();
    expect([outcome.kind, asked]).toEqual(['refused', 1]);
  });
});

describe('the word of the status', () => {
  test.each([
    ['draft', 'untouched', 'Draft'],
    ['draft', 'draft', 'Draft'],
    ['draft', 'saving', 'Saving'],
    ['draft', 'saved', 'Saved'],
    ['draft', 'not-saved', 'Not saved'],
    ['draft', 'stale', 'Not saved'],
    ['preliminary', 'untouched', 'Preliminary'],
    ['preliminary', 'saved', 'Saved'],
    ['final', 'untouched', 'Final'],
    ['signed-not-released', 'saved', 'Signed not released'],
    ['entered-in-error', 'saved', 'Entered in error'],
  ] as const)('%s with words %s: %s', (state, standing, word) => {
    expect(statusWord(state, saverOf(standing))).toBe(word);
  });
  test('without an editor the report’s own state', () => {
    const states = ['draft', 'preliminary', 'final', 'appended', 'corrected'] as const;
    expect(states.map((state) => statusWord(state, null))).toEqual([
      'Draft',
      'Preliminary',
      'Final',
      'Appended',
      'Corrected',
    ]);
  });
  test('a version that was given back waits no more', () => {
    const returned = { state: 'signed-not-released', returned: 'claimed by another' };
    expect(waitingVersion(view('draft', [returned]))).toBeNull();
  });
});
