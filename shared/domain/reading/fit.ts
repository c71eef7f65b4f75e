/** How well an exam suits one reader, apart from whether she may read it: that is `mayRead`'s matter. */
export type Fit = {
  /** The patient of a study that she has or read a moment ago: she has the history in her head, and linked exams go to one reader. */
  readonly samePatient: boolean;
  /** `other`: the exam belongs to a subspecialty and she has named only others. */
  readonly subspecialty: 'match' | 'neutral' | 'other';
};

export const noFit: Fit = { samePatient: false, subspecialty: 'neutral' };

/** What the fit looks at on an exam. */
export type FitExam = {
  readonly modality: string;
  readonly bodyPart: string;
  readonly patient: { readonly id: string | null; readonly issuer: string | null };
};

/** What the fit knows of the reader. */
export type FitReader = {
  /** As her credentials name them; none named means that none is preferred. */
  readonly subspecialties: readonly string[];
  /** `patientKey` of the studies that she read a moment ago. */
  readonly justRead: ReadonlySet<string>;
};

/** One name for a patient within one issuer; null where there is no id to go by. Never across issuers: two sites may use one number. */
export function patientKey(patient: FitExam['patient']): string | null {
  return patient.id === null || patient.id === '' ? null : `${patient.issuer ?? ''}\n${patient.id}`;
}

/** DICOM body parts (PS3.16 Annex L) and words for them, by the subspecialty that reads them. */
const partsOf: readonly (readonly [subspecialty: string, parts: RegExp])[] = [
  ['breast', /breast|mammo/i],
  ['neuroradiology', /head|brain|skull|neck|spine|orbit|sella|face|sinus/i],
  ['cardiac', /heart|coronary|cardiac/i],
  [
    'musculoskeletal',
    /knee|ankle|foot|toe|hip|shoulder|elbow|wrist|hand|finger|leg|arm|femur|tib|humerus|joint|extremity/i,
  ],
  ['chest', /chest|lung|thorax/i],
  ['abdominal', /abdomen|pelvis|liver|kidney|pancreas|bowel|colon|prostate|bladder/i],
];

/** The subspecialty that an exam belongs to by modality and body part; null where anybody's is as good. */
export function subspecialtyOf(exam: Pick<FitExam, 'modality' | 'bodyPart'>): string | null {
  if (exam.modality === 'MG') return 'breast';
  if (exam.modality === 'NM' || exam.modality === 'PT') return 'nuclear';
  return partsOf.find(([, parts]) => parts.test(exam.bodyPart))?.[0] ?? null;
}

/** "Neuro", "neuroradiology" and "Neuroradiology" are one to a person. */
function sameSubspecialty(named: string, wanted: string): boolean {
  const word = named.trim().toLowerCase();
  return word.length >= 3 && (word.startsWith(wanted.slice(0, 5)) || wanted.startsWith(word));
}

export function fitOf(exam: FitExam, reader: FitReader): Fit {
  const key = patientKey(exam.patient);
  const samePatient = key !== null && reader.justRead.has(key);
  const wanted = reader.subspecialties.length === 0 ? null : subspecialtyOf(exam);
  if (wanted === null) return { samePatient, subspecialty: 'neutral' };
  const matches = reader.subspecialties.some((named) => sameSubspecialty(named, wanted));
  return { samePatient, subspecialty: matches ? 'match' : 'other' };
}

/** 0 for the best fit. */
export function fitRank(fit: Fit): number {
  const bySubspecialty = { match: 0, neutral: 1, other: 2 } as const;
  return (fit.samePatient ? 0 : 3) + bySubspecialty[fit.subspecialty];
}
