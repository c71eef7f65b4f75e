import type { CaseDetail } from '../../../shared/api/index.ts';
import type { DraftExam } from '../../../shared/domain/report/index.ts';
import { ageAt, type TemplateFacts } from '../../../shared/domain/template/index.ts';

/** What is known of the open exam when a template is chosen. */
export function factsOf(detail: Pick<CaseDetail, 'order' | 'study' | 'row' | 'facility'>): TemplateFacts {
  const { order, study, row } = detail;
  const patient = order?.patient ?? study?.patient ?? null;
  const site = order?.site ?? row.site;
  const ordered = order?.modality ?? null;
  return {
    procedureCodes: order === null ? [] : [order.procedure.code],
    procedure: [order?.procedure.display ?? '', study?.description ?? row.procedure]
      .filter((one) => one !== '')
      .join(' · '),
    reason: order?.reason ?? '',
    // What the machine wrote counts; what was asked for where no image is here yet.
    modalities:
      study === null || study.modalities.length === 0 ? (ordered === null ? [] : [ordered]) : study.modalities,
    bodyPart: order?.bodyPart ?? study?.bodyPart ?? '',
    sex: patient?.sex ?? null,
    age: ageAt(patient?.birthDate ?? null, study?.studyDate ?? row.studyDate),
    facility: detail.facility ?? (site === null ? null : { name: site.name, address: null }),
  };
}

/** The same for another exam of a report over several: its words say what it is; patient and site are the same. */
export function factsOfExam(open: TemplateFacts, exam: Pick<DraftExam, 'exam'>): TemplateFacts {
  return { ...open, procedureCodes: [], procedure: exam.exam, modalities: [], bodyPart: '' };
}
