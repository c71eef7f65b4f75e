import { noMarks } from '../../../shared/domain/measurement/index.ts';
import {
  communicationSectionCode,
  type Draft,
  type DraftFacts,
  draftExamsOf,
  draftFrom,
  emptySections,
  type Measurement,
  type PendingReport,
  type Prefill,
  type ReportContent,
  type ReportVersion,
  reportSections,
  type SectionCode,
  type SectionTexts,
  signedSections,
} from '../../../shared/domain/report/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';

/** All that a signature could cover of two drafts is the same, and what lies beside it: fields, sources, what is drawn on the images. Revision and time are not words. */
export function sameWords(left: Draft, right: Draft): boolean {
  return (
    left.kind === right.kind &&
    left.addendum === right.addendum &&
    (left.communication ?? '') === (right.communication ?? '') &&
    left.reason === right.reason &&
    reportSections.every(({ code }) => left.sections[code] === right.sections[code]) &&
    canonicalJson((left.together ?? []) as never) === canonicalJson((right.together ?? []) as never) &&
    sameMeasurements(left.measurements, right.measurements) &&
    sameSpans(left.fields, right.fields) &&
    sameSpans(left.sourced, right.sourced) &&
    sameMarks(left.marks, right.marks)
  );
}

/** No words, and no signature covers them, but a draft that has others is another draft: it is saved, and shown where two stand. */
function sameMarks(left: Draft['marks'], right: Draft['marks']): boolean {
  return left === right || canonicalJson((left ?? noMarks) as never) === canonicalJson((right ?? noMarks) as never);
}

function sameSpans(left: Draft['fields'] | Draft['sourced'], right: Draft['fields'] | Draft['sourced']): boolean {
  return left === right || canonicalJson((left ?? []) as never) === canonicalJson((right ?? []) as never);
}

function sameMeasurements(left: readonly Measurement[], right: readonly Measurement[]): boolean {
  return (
    left.length === right.length && left.every((one, at) => one.id === right[at]?.id && one.text === right[at]?.text)
  );
}

/** The sections of a signed version as an editor takes them. Addenda are no section of the report. */
export function sectionsOf(content: Pick<ReportContent, 'sections' | 'studyUid'>): SectionTexts {
  const texts: { [Code in SectionCode]: string } = { ...emptySections() };
  // Of a report over several exams an editor of one has its own words here, and those of the others beside them.
  const own = content.sections.filter(({ exam }) => exam === undefined || exam === content.studyUid);
  for (const { code } of reportSections) {
    texts[code] = own.find((section) => section.code === code)?.text ?? '';
  }
  return texts;
}

/** Versions that stand: signed and not given back, oldest first. */
export function standingVersions(versions: readonly ReportVersion[]): readonly ReportVersion[] {
  return versions.filter((one) => one.returned === null);
}

/** The version that new words build on; 0 before the first. */
export function baseVersionOf(versions: readonly ReportVersion[]): number {
  return Math.max(0, ...standingVersions(versions).map((one) => one.version));
}

/** The words that stand in the editor when no draft was kept: those given back, those of the version before, or what order and images say. */
export function firstDraft(
  prefill: Prefill,
  versions: readonly ReportVersion[],
  facts: DraftFacts,
  given: PendingReport | null = null,
): Draft {
  const baseVersion = baseVersionOf(versions);
  const before = standingVersions(versions).at(-1);
  const last = versions.at(-1);
  // Only her own words come back to her: another reader's stay in the list of versions.
  const own = last !== undefined && last.returned !== null && last.content.signer.id === facts.readerId;
  const returned = own && last.version > baseVersion ? last : undefined;
  const final = before !== undefined && before.kind !== 'preliminary';
  const from = returned ?? before;
  const fresh = draftFrom(prefill, { ...facts, baseVersion, kind: final ? 'addendum' : 'report' });
  if (from === undefined) return given === null ? fresh : givenDraft(fresh, given);
  const { content } = from;
  // Words that she has signed are her own, wherever they came from.
  const { sourced: _, ...bare } = fresh;
  return {
    ...bare,
    kind: returned === undefined ? fresh.kind : kindOfDraft(returned.kind),
    sections: sectionsOf(content),
    ...togetherIn(content, returned !== undefined || final),
    addendum: returned?.kind === 'addendum' ? (content.sections.at(-1)?.text ?? '') : '',
    reason: returned === undefined ? '' : (content.reason ?? ''),
    measurements: final && returned === undefined ? [] : content.measurements,
  };
}

/** What was given to be signed, as a draft of whoever signs it: nothing of it is hers before she has read it. */
export function givenDraft(fresh: Draft, given: PendingReport): Draft {
  // Every word of it was signed by its writer, wherever it came from.
  const { sourced: _, ...bare } = fresh;
  const told = given.sections.find((section) => section.code === communicationSectionCode)?.text;
  const together = draftExamsOf(given).map((exam) => {
    const images = given.together?.exams.find((one) => one.taskId === exam.taskId)?.instances.length;
    return images === undefined ? exam : { ...exam, imagesAtStart: images };
  });
  return {
    ...bare,
    kind: 'report',
    sections: sectionsOf(given),
    measurements: given.measurements,
    imagesAtStart: given.instances.length,
    ...(told === undefined ? {} : { communication: told }),
    ...(together.length === 0 ? {} : { together }),
  };
}

/** A preliminary's final may be over the one exam alone: she says anew what goes together. */
function togetherIn(content: ReportContent, same: boolean): Pick<Draft, 'together'> {
  const exams = same ? draftExamsOf(content) : [];
  return exams.length === 0 ? {} : { together: exams };
}

export function kindOfDraft(kind: ReportVersion['kind']): Draft['kind'] {
  return kind === 'addendum' || kind === 'correction' ? kind : 'report';
}

export type DraftChoice = {
  /** The newest draft; null where neither place has one on this version. */
  readonly draft: Draft | null;
  readonly local: number | null;
  readonly host: number | null;
  /** Words that the newest draft does not replace beyond doubt, so they are shown and not dropped. */
  readonly beside: Draft | null;
};

/** The newest of what both places hold on this version: by revision, the host's where they are equal. */
export function chooseDraft(locals: readonly Draft[], host: Draft | null, baseVersion: number): DraftChoice {
  const onBase = locals.filter((one) => one.baseVersion === baseVersion);
  const local = onBase.reduce<Draft | null>(
    (best, one) => (best === null || one.revision > best.revision ? one : best),
    null,
  );
  const journal = host !== null && host.baseVersion === baseVersion ? host : null;
  if (local === null || journal === null) {
    const only = local ?? journal;
    return { draft: only, local: local?.revision ?? null, host: journal?.revision ?? null, beside: null };
  }
  const newest = local.revision > journal.revision ? local : journal;
  const other = newest === local ? journal : local;
  const differs = !sameWords(newest, other);
  // A lower revision is what the higher one was written on, unless it was written later or has the same number.
  const doubtful = differs && (other.revision === newest.revision || other.savedAt > newest.savedAt);
  const same = newest.revision === other.revision && differs;
  return {
    draft: newest,
    // The same number with other words is not the same revision: it is saved anew.
    local: same ? null : local.revision,
    host: journal.revision,
    beside: doubtful ? other : null,
  };
}

/** Whether a signed version holds every word of this draft, so that the draft may be forgotten. */
export function isCovered(draft: Draft, versions: readonly ReportVersion[]): boolean {
  // An addendum that was begun before the draft was turned to a correction is signed with neither of them.
  const begun =
    draft.kind === 'addendum' || draft.addendum.trim() === '' ? null : { ...draft, kind: 'addendum' as const };
  return isHeldBy(signedSections(draft), versions) && (begun === null || isHeldBy(signedSections(begun), versions));
}

function isHeldBy(own: ReportContent['sections'], versions: readonly ReportVersion[]): boolean {
  return versions.some(({ content }) =>
    own.every((one) =>
      content.sections.some(
        (section) =>
          section.code === one.code &&
          section.text === one.text &&
          (one.exam === undefined || section.exam === undefined || section.exam === one.exam),
      ),
    ),
  );
}

/** Whether it holds words that could be signed. */
export function hasWords(draft: Draft): boolean {
  if (draft.kind === 'addendum') return draft.addendum.trim() !== '';
  const others = (draft.together ?? []).map(({ texts }) => `${texts['59776-5']}${texts['19005-8']}`);
  return [draft.sections['59776-5'], draft.sections['19005-8'], ...others].join('').trim() !== '';
}

/** Words as people count them: runs of letters, figures and what joins them. */
export function countWords(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + (text.match(/\S+/gu)?.length ?? 0), 0);
}
