import type { CaseDetail } from '../../shared/api/index.ts';
import type { OtherPatient } from '../../shared/domain/checks/index.ts';

/** Somebody whose exam was opened in this window: who could be named in another patient's report by mistake. */
type PatientSeen = OtherPatient & { readonly id: string | null; readonly issuer: string | null };

/** As many as are opened in a night. */
const remembered = 60;

/** Whose exams were opened in this window, in memory alone and gone with the sign-in. */
export type PatientsSeen = {
  note(detail: Pick<CaseDetail, 'order' | 'study' | 'context'>): void;
  /** All but the patient of this case, in whatever spelling. */
  besides(detail: Pick<CaseDetail, 'order' | 'study' | 'context'>): readonly OtherPatient[];
};

function seenOf({ order, study, context }: Pick<CaseDetail, 'order' | 'study' | 'context'>): readonly PatientSeen[] {
  const { accession } = context;
  return [order?.patient, study?.patient].flatMap((one) =>
    one === undefined ? [] : [{ id: one.id, issuer: one.issuer, name: one.name, birthDate: one.birthDate, accession }],
  );
}

const same = (one: PatientSeen, other: PatientSeen): boolean =>
  (one.id !== null && one.id === other.id && (one.issuer ?? '') === (other.issuer ?? '')) ||
  (one.birthDate !== null && one.birthDate === other.birthDate && one.name === other.name);

export function createPatientsSeen(): PatientsSeen {
  let seen: readonly PatientSeen[] = [];
  return {
    note: (detail) => {
      const fresh = seenOf(detail);
      const others = seen.filter((one) => !fresh.some((now) => same(now, one) && now.accession === one.accession));
      seen = [...fresh, ...others].slice(0, remembered);
    },
    besides: (detail) => {
      const own = seenOf(detail);
      const taken = new Set<string>();
      return seen.filter((one) => {
        const key = `${one.name}|${one.birthDate}|${one.accession}`;
        if (taken.has(key) || own.some((mine) => same(mine, one))) return false;
        taken.add(key);
        return true;
      });
    },
  };
}
