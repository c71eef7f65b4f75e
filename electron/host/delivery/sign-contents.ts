import type { KeyImage } from '../../../shared/domain/measurement/index.ts';
import {
  deriveId,
  dictatedByAfter,
  dictatedByOf,
  isChanged,
  nextSections,
  overreadOf,
  type ReportContent,
  type ReportExam,
  withdrawnSections,
} from '../../../shared/domain/report/index.ts';
import type { KeyImageReference } from '../../../shared/interop/dicom-sr/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import type { LiveSession, SigningKey } from '../identity/types.ts';
import type { GivenForAll } from '../pending-signature/to-sign.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import { nameOfExam } from '../reading/link-index.ts';
import type { ArtefactMaker } from './artefacts.ts';
import { srUids } from './forms.ts';
import type { KeyPictures } from './key-pictures.ts';
import { isLater, type SigningExam } from './sign-exams.ts';
import type { SignedVersion } from './signed-store.ts';
import type { SigningCommand } from './signing-command.ts';
import { earlierPdfs, type SiteForms } from './site-forms.ts';

/** What one press of Sign says of every exam alike. */
type Signature = {
  readonly command: SigningCommand;
  readonly session: LiveSession;
  readonly signedAt: Instant;
  readonly auditHead: string;
  readonly notForClinicalUse: boolean;
  /** What another reader gave to be signed; absent where the signer wrote it herself. */
  readonly given?: GivenForAll | null;
  readonly keyImages?: ReportContent['keyImages'];
  /** When the report of a case is due by its contract; null where nothing is agreed. */
  readonly dueOf: (facts: CaseFacts) => Instant | null;
};

function versionOf(exam: SigningExam): number {
  return (exam.parent?.version ?? 0) + 1;
}

/** All exams of the report, as each of its versions lists them; absent for a report of one. */
function togetherOf(exams: readonly SigningExam[], command: SigningCommand): Pick<ReportContent, 'together'> {
  const before = isLater(command.kind) ? (exams[0]?.parent?.content.together?.exams ?? []) : [];
  if (exams.length < 2 && before.length === 0) return {};
  const listed = exams.map((exam): ReportExam => {
    const { task } = exam.facts;
    return {
      taskId: task.id,
      orderId: task.orderId,
      archive: task.archive,
      studyUid: exam.study.studyUid,
      accession: contextOf(exam.facts).accession,
      exam: nameOfExam(exam.facts),
      studyDate: exam.study.studyDate,
      reportId: exam.view.reportId,
      version: versionOf(exam),
      instances: exam.covered,
    };
  });
  const signed = listed.map((one) => one.taskId);
  // An exam that did not come to be released with the others keeps its words in what follows, and so its heading.
  const kept = before.filter((one) => !signed.includes(one.taskId));
  return { together: { id: deriveId('together', [command.commandId], sha256), signed, exams: [...listed, ...kept] } };
}

/** Of the series that the page says were opened, those that the study holds. */
function openedOf(exam: SigningExam, told: readonly string[]): Pick<ReportContent, 'seriesOpened'> {
  const held = new Set<string>(exam.instances.map((one) => one.seriesUid));
  const opened = [...new Set(told)].filter((uid) => held.has(uid)).sort();
  return opened.length === 0 ? {} : { seriesOpened: opened };
}

/**
 * The content of each exam's version: the whole report every time, filed under its own order, accession and study. The open case's
 * exam is the first.
 */
export function contentsOf(exams: readonly SigningExam[], signature: Signature): readonly ReportContent[] {
  const { command, session } = signature;
  const { reader, readingFrom } = session;
  const { withdrawal } = command;
  const later = isLater(command.kind);
  const together = togetherOf(exams, command);
  const studies = new Set<string>(exams.map((exam) => exam.study.studyUid));
  return exams.map((exam): ReportContent => {
    const { facts, study, parent } = exam;
    const { task, order, identity, resolution } = facts;
    // It is taken back under the name and number that it went out with, whatever the site has changed since.
    const asBefore = withdrawal === undefined || parent === null ? {} : identityOf(parent.content);
    const sections =
      withdrawal === undefined
        ? nextSections(command.kind, command.draft, parent?.content.sections ?? null)
        : withdrawnSections(withdrawal.why, parent?.version ?? 1, command.draft.reason);
    return {
      schema: 'overread-report-1',
      reportId: exam.view.reportId,
      version: versionOf(exam),
      kind: command.kind,
      parentDigest: parent?.digest ?? null,
      taskId: task.id,
      orderId: task.orderId,
      archive: task.archive,
      studyUid: study.studyUid,
      accession: order?.accession ?? study.accession,
      patient: order?.patient ?? study.patient,
      exam: {
        procedure: order?.procedure.display ?? study.description,
        modality: study.modalities[0] ?? order?.modality ?? null,
        bodyPart: order?.bodyPart ?? study.bodyPart,
        laterality: order?.laterality ?? study.laterality,
        studyDate: study.studyDate,
        site: order?.site?.name ?? null,
      },
      ...asBefore,
      sections,
      ...together,
      reason: later ? command.draft.reason : null,
      ...(command.kind === 'preliminary' ? { finalisation: finalisationOf(facts, reader.name, signature) } : {}),
      ...afterPreliminary(command, reader.id, parent, sections),
      ...dictated(signature, task.id, parent, sections),
      ...(withdrawal === undefined ? {} : { withdrawal }),
      measurements: command.draft.measurements,
      instances: exam.covered,
      // What is read together is no comparison of it.
      comparisons: command.comparisons.filter((uid) => !studies.has(uid)).sort(),
      ...openedOf(exam, command.seriesOpened ?? []),
      ...(signature.keyImages === undefined || signature.keyImages.length === 0
        ? {}
        : { keyImages: signature.keyImages }),
      identityResolution:
        withdrawal === undefined && (identity.grade === 'stop' || identity.grade === 'ask') ? resolution : null,
      signer: { id: reader.id, name: reader.name, npi: reader.npi },
      ...(readingFrom === null ? {} : { readingFrom }),
      signedAt: signature.signedAt,
      fencingToken: exam.fencingToken,
      auditHead: signature.auditHead,
      notForClinicalUse: signature.notForClinicalUse,
    };
  });
}

/** Who makes the final: the site where its order asks this group for a preliminary alone, else the reader or a colleague. */
function finalisationOf(
  facts: CaseFacts,
  reader: string,
  signature: Pick<Signature, 'dueOf'>,
): NonNullable<ReportContent['finalisation']> {
  if (facts.task.requestedReport === 'preliminary')
    return { by: `the radiologists of ${facts.order?.site?.name ?? 'the site'}`, due: null };
  return { by: `${reader} or a colleague of the reading group`, due: signature.dueOf(facts) };
}

/** What a final says of the preliminary before it. */
function afterPreliminary(
  { kind, overread }: SigningCommand,
  readerId: string,
  parent: SigningExam['parent'],
  sections: ReportContent['sections'],
): Pick<ReportContent, 'preliminary'> {
  if (kind !== 'final' || parent?.kind !== 'preliminary') return {};
  const { id, name } = parent.content.signer;
  return {
    preliminary: {
      version: parent.version,
      signer: { id, name },
      changed: isChanged(parent.content.sections, sections),
      agreement: overreadOf(kind, readerId, parent) === null ? null : (overread ?? null),
    },
  };
}

/** Whose words they are, where another reader wrote them. */
function dictated(
  { command, given }: Signature,
  taskId: string,
  parent: SigningExam['parent'],
  sections: ReportContent['sections'],
): Pick<ReportContent, 'dictatedBy'> {
  const words = given?.get(taskId);
  const by = isLater(command.kind)
    ? dictatedByAfter(command.kind, parent?.content ?? null)
    : words === undefined
      ? null
      : dictatedByOf(words, sections);
  return by === null ? {} : { dictatedBy: by };
}

function identityOf({ orderId, archive, studyUid, accession, patient, exam }: ReportContent) {
  return { orderId, archive, studyUid, accession, patient, exam };
}

/** Every byte of every exam's version. Each SR names the same document in the other studies, so all ids are known before any is made. */
export async function makeVersions(
  artefacts: ArtefactMaker,
  exams: readonly SigningExam[],
  contents: readonly ReportContent[],
  key: SigningKey,
  keyImages: readonly KeyImage[],
  pictures: KeyPictures['pictures'],
  formsOf: (facts: CaseFacts) => SiteForms,
): Promise<readonly SignedVersion[]> {
  const known = contents.map((content, place) => {
    const exam = exams[place] as SigningExam;
    const digest = sha256(canonicalJson(content as unknown as JsonValue));
    const { order } = exam.facts;
    return {
      content,
      exam,
      other: {
        studyUid: content.studyUid,
        request: {
          placerNumber: order?.placerNumber ?? null,
          fillerNumber: content.accession,
          procedure: order?.procedure ?? null,
        },
        evidence: exam.instances
          .filter((one) => content.instances.includes(one.instanceUid))
          .map(({ instanceUid, seriesUid, sopClassUid }) => ({ instanceUid, seriesUid, sopClassUid })),
        document: srUids(digest, content.reportId),
      },
    };
  });
  // Each exam's document names the key images of all of them: the words are over all.
  const all = exams.flatMap((exam) => exam.instances);
  const made: SignedVersion[] = [];
  for (const { content, exam } of known) {
    const others = known.flatMap((one) => (one.content === content ? [] : [one.other]));
    const earlier = exam.view.versions.filter((one) => one.returned === null).map((one) => one.digest);
    const forms = formsOf(exam.facts);
    const of = {
      order: exam.facts.order,
      study: exam.study,
      earlier,
      pictures,
      rules: forms.rules,
      asPdf: earlierPdfs(forms, exam.parent?.digest ?? null, content.kind === 'withdrawal' ? earlier : []),
    };
    // A report that is taken back shows nothing more.
    const marked = content.kind === 'withdrawal' ? [] : keyImages.flatMap((one) => referenceOf(one, all));
    made.push(await artefacts.make(content, of, exam.parent, key, exam.instances, others, marked));
  }
  return made;
}

/** A key image as the SR refers to it; none where it is no image of the reported exams, such as a computed plane or a prior's image. */
function referenceOf({ place }: KeyImage, instances: SigningExam['instances']): readonly KeyImageReference[] {
  const found = instances.find((one) => one.instanceUid === place.instanceUid);
  if (found === undefined) return [];
  const { instanceUid, seriesUid, sopClassUid, frames } = found;
  return [{ instanceUid, seriesUid, sopClassUid, frame: frames > 1 ? place.frame : null }];
}
