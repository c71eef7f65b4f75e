import type { CallInput, CallOutput, CaseDetail, LinkedExams } from '../../../shared/api/index.ts';
import { type CheckOutcome, mostCheckOutcomes } from '../../../shared/domain/checks/index.ts';
import {
  type Agreement,
  type Draft,
  type KeyPicture,
  mostSeriesOpened,
  otherExams,
  type ReleaseKind,
  type ReportVersion,
  signedSections,
  type WrittenKind,
} from '../../../shared/domain/report/index.ts';
import { displayDate, displayName, type PatientIdentity, type Study } from '../../../shared/domain/study/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';
import { countWords, kindOfDraft } from './draft-words.ts';
import { togetherInput } from './together-words.ts';

export type SignInput = CallInput<'sign'>;
export type SignAnswer = CallOutput<'sign'>;

/** The identity tuple that the dialog shows and the command carries: one value, so that they cannot differ. */
export function shownTuple(detail: Pick<CaseDetail, 'order' | 'study' | 'context'>): SignInput['shown'] {
  const patient = patientOf(detail);
  return {
    name: displayName(patient?.name ?? ''),
    birthDate: displayDate(patient?.birthDate ?? ''),
    accession: detail.context.accession ?? '',
    exam: detail.order?.procedure.display ?? detail.study?.description ?? '',
  };
}

export function patientOf(detail: Pick<CaseDetail, 'order' | 'study'>): PatientIdentity | null {
  return detail.order?.patient ?? detail.study?.patient ?? null;
}

/** `same`: both sides say so · `differs`: with why · `one-sided`: one of them does not say. */
export type IdentityRow = {
  readonly label: string;
  readonly order: string;
  readonly images: string;
  readonly standing: 'same' | 'tell' | 'ask' | 'stop' | 'one-sided';
  readonly words: string;
};

/** Order against images, field by field, with the verdict of the host on each. */
export function identityRows(detail: Pick<CaseDetail, 'order' | 'study' | 'identity'>): readonly IdentityRow[] {
  const { order, study, identity } = detail;
  const row = (label: string, field: string, left: string, right: string, same = true): IdentityRow => {
    const difference = identity.differences.find((one) => one.field === field && one.grade !== 'same');
    if (difference !== undefined && difference.grade !== 'same') {
      return { label, order: left, images: right, standing: difference.grade, words: difference.words };
    }
    const both = left !== '' && right !== '' && same;
    return { label, order: left, images: right, standing: both ? 'same' : 'one-sided', words: '' };
  };
  const mine = order?.patient ?? null;
  const theirs = study?.patient ?? null;
  const name = (patient: PatientIdentity | null): string =>
    patient === null || patient.name.trim() === '' ? '' : displayName(patient.name);
  const idOf = (patient: PatientIdentity | null): string =>
    [patient?.id ?? '', patient?.issuer ?? ''].filter((part) => part !== '').join(' ');
  const foreign = mine?.issuer != null && theirs?.issuer != null && mine.issuer !== theirs.issuer;
  const exam = examSides(detail);
  return [
    row('Name', 'name', name(mine), name(theirs)),
    row('Born', 'birthDate', displayDate(mine?.birthDate ?? ''), displayDate(theirs?.birthDate ?? '')),
    row('Sex', 'sex', mine?.sex ?? '', theirs?.sex ?? ''),
    row('Patient id', 'id', idOf(mine), idOf(theirs), !foreign),
    row('Exam', 'study', exam.order, exam.images, exam.same),
  ];
}

/** The ordered exam and the one that was made; `same` only where modality and side are known on both sides and agree. */
function examSides({ order, study }: Pick<CaseDetail, 'order' | 'study'>): {
  order: string;
  images: string;
  same: boolean;
} {
  const side = (text: string | null | undefined): string => (text === null || text === undefined ? '' : `, ${text}`);
  const made = study === null ? '' : describeStudy(study);
  const modality = order?.modality ?? null;
  const sides = order?.laterality == null || study?.laterality == null || order.laterality === study.laterality;
  return {
    order: order === null ? '' : `${order.procedure.display}${side(order.laterality)}`,
    images: study === null ? '' : `${made}${side(study.laterality)}`,
    same: modality !== null && study?.modalities.includes(modality) === true && sides,
  };
}

/** "CT abdomen pelvis": the modality is named once, whether or not the description begins with it. */
function describeStudy(study: Pick<Study, 'modalities' | 'description'>): string {
  const modalities = study.modalities.join(', ');
  const named = study.modalities.some((one) => study.description.toUpperCase().startsWith(one.toUpperCase()));
  return [named ? '' : modalities, study.description].filter((part) => part !== '').join(' ');
}

export type Covered = {
  readonly words: number;
  /** Of those, the words of the version that an addendum is added to. */
  readonly ofBefore: number;
  readonly images: number;
  /** Documents are among those images that nobody has told apart yet. */
  readonly atMost: boolean;
  readonly measurements: number;
  readonly comparisons: number;
};

/**
 * What the signature will cover, counted. An addendum keeps every section of the version before, so those words are covered again.
 * The host lists the images anew at signing.
 */
export function coveredBy(
  kind: ReleaseKind,
  draft: Draft,
  detail: Pick<CaseDetail, 'row'>,
  comparisons: readonly string[],
  before: Pick<ReportVersion, 'content'> | null,
  linked: LinkedExams | null = null,
): Covered {
  const own = signedSections({ ...draft, kind: kindOfDraft(kind) });
  const kept = kind === 'addendum' && before !== null ? before.content.sections : [];
  return {
    words: countWords([...kept, ...own].map((one) => one.text)),
    ofBefore: countWords(kept.map((one) => one.text)),
    images: detail.row.images.present + otherImages(kind, draft, before, linked),
    atMost: detail.row.images.atMost === true || linked?.exams.some(isUncounted(draft)) === true,
    measurements: draft.measurements.length,
    comparisons: comparisons.length,
  };
}

const isUncounted =
  ({ together }: Draft) =>
  ({ context, atMost }: LinkedExams['exams'][number]): boolean =>
    atMost === true && (together ?? []).some(({ taskId }) => taskId === context.taskId);

/** Images of the other exams of a report over several, as far as they are known here. */
function otherImages(
  kind: ReleaseKind,
  draft: Draft,
  before: Pick<ReportVersion, 'content'> | null,
  linked: LinkedExams | null,
): number {
  if (kind === 'addendum' || kind === 'correction')
    return before === null ? 0 : otherExams(before.content).reduce((sum, exam) => sum + exam.instances.length, 0);
  return (draft.together ?? []).reduce(
    (sum, { taskId }) => sum + (linked?.exams.find((one) => one.context.taskId === taskId)?.images ?? 0),
    0,
  );
}

export type SignOutcome =
  | { readonly kind: 'signed'; readonly answer: SignAnswer }
  | { readonly kind: 'refused'; readonly failure: CallFailure }
  /** No answer came, or the host's disk has not told yet: it is not known whether it was signed; asking again with the same id tells. */
  | { readonly kind: 'unknown'; readonly failure: CallFailure };

const waits = [700, 2_000, 4_000] as const;

/**
 * One press of Sign. A lost answer is asked for again with the same command id, which the host answers with what it did the first
 * time: one press is one signature. `ask` may be called again after `unknown`.
 */
export function createSignPress(options: {
  readonly input: SignInput;
  /** Instead of signing it, it is given to somebody who may: the same words, the same answer. */
  readonly give?: boolean;
  readonly host: Pick<HostClient, 'call'>;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Told before the same press is asked again, with what was answered. */
  readonly onLost?: (failure: CallFailure) => void;
}): { ask(): Promise<SignOutcome> } {
  const { input, host, wait } = options;
  const once = async (): Promise<Result<SignAnswer, CallFailure>> =>
    host.call(options.give === true ? 'giveToSign' : 'sign', { params: { taskId: input.draft.taskId }, input });
  return {
    ask: async () => {
      for (let attempt = 0; ; attempt += 1) {
        const answered = await once();
        if (answered.ok) return { kind: 'signed', answer: answered.value };
        const { error } = answered;
        if (error.from === 'host' && error.code !== 'internal' && error.code !== 'not-known')
          return { kind: 'refused', failure: error };
        const pause = waits[attempt];
        if (pause === undefined) return { kind: 'unknown', failure: error };
        options.onLost?.(error);
        await wait(pause);
      }
    },
  };
}

/** The whole command, from one draft and one tuple. */
export function signInput(parts: {
  readonly commandId: string;
  readonly kind: WrittenKind;
  readonly detail: Pick<CaseDetail, 'context' | 'claim'>;
  readonly shown: SignInput['shown'];
  readonly draft: Draft;
  readonly comparisons: readonly string[];
  readonly password: string;
  /** The exams that go with this one, as the host last told. */
  readonly linked: LinkedExams | null;
  /** Series Instance UIDs of what is signed that stood on the screen. */
  readonly seriesOpened?: readonly string[];
  /** Whether she agrees with the preliminary of another reader. */
  readonly overread?: Agreement;
  /** Of the draft's key images, as they are to stand in the PDF. */
  readonly keyPictures?: readonly KeyPicture[];
  /** What the checks had against it, and what was answered. */
  readonly checks?: readonly CheckOutcome[];
}): SignInput {
  const { kind, detail, draft } = parts;
  const later = kind === 'addendum' || kind === 'correction';
  const together = togetherInput(kind, draft, parts.linked);
  return {
    commandId: parts.commandId,
    kind,
    context: detail.context,
    fencingToken: later ? null : (detail.claim?.fencingToken ?? null),
    draft: { ...draft, kind: kindOfDraft(kind) },
    shown: parts.shown,
    ...(together.length === 0 ? {} : { together }),
    comparisons: [...parts.comparisons],
    ...(parts.seriesOpened === undefined || parts.seriesOpened.length === 0
      ? {}
      : { seriesOpened: parts.seriesOpened.slice(0, mostSeriesOpened) }),
    ...(parts.checks === undefined || parts.checks.length === 0
      ? {}
      : { checks: parts.checks.slice(0, mostCheckOutcomes) }),
    ...(parts.keyPictures === undefined || parts.keyPictures.length === 0
      ? {}
      : { keyPictures: parts.keyPictures.map((one) => ({ ...one })) }),
    ...(parts.overread === undefined ? {} : { overread: parts.overread }),
    ...(parts.password === '' ? {} : { password: parts.password }),
  };
}
