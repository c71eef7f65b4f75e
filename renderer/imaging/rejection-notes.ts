import { type DataSet, items, text, uid } from './dicom-json.ts';

/** Why an instance was set aside by a rejection note (IHE RAD TF-3 4.66.4.1.3.1, titles of PS3.16 CID 7010). */
export type Rejection = 'quality' | 'patient-safety' | 'worklist-entry' | 'retention';

const titles: Readonly<Record<string, Rejection>> = {
  // Rejected for Quality Reasons
  '113001': 'quality',
  // Rejected for Patient Safety Reasons
  '113037': 'patient-safety',
  // Incorrect Modality Worklist Entry
  '113038': 'worklist-entry',
  // Data Retention Policy Expired
  '113039': 'retention',
};

export const rejectionWords: { readonly [Why in Rejection]: string } = {
  quality: 'rejected for quality',
  'patient-safety': 'rejected for patient safety',
  'worklist-entry': 'rejected: made under a wrong worklist entry',
  retention: 'rejected: their retention time has ended',
};

/**
 * Instances that the rejection notes among these data sets name, by SOP Instance UID. What is rejected for quality alone may be asked for
 * (IHE RAD TF-3 4.66.4.1.3.1); any other reason outweighs it. Only notes of the study itself count: no other may blank its images.
 */
export function rejectedInstances(studyUid: string, dataSets: readonly DataSet[]): ReadonlyMap<string, Rejection> {
  const rejected = new Map<string, Rejection>();
  for (const data of dataSets) {
    if (uid(data, '0020000D') !== studyUid || !isKeyObjects(data)) continue;
    const [title] = items(data, '0040A043');
    const why = title !== undefined && text(title, '00080102') === 'DCM' ? titles[text(title, '00080100')] : undefined;
    if (why === undefined) continue;
    for (const instanceUid of referenced(data)) {
      const before = rejected.get(instanceUid);
      if (before === undefined || before === 'quality') rejected.set(instanceUid, why);
    }
  }
  return rejected;
}

/** Key Object Selection Document Storage (PS3.4 B.5). */
export function isKeyObjects(data: DataSet): boolean {
  return text(data, '00080016') === '1.2.840.10008.5.1.4.1.1.88.59';
}

/** What a key object selection names: its evidence (PS3.3 C.17.6.2) and, for writers that leave that out, its content. */
function referenced(data: DataSet): readonly string[] {
  const evidence = items(data, '0040A375').flatMap((study) =>
    items(study, '00081115').flatMap((series) => items(series, '00081199')),
  );
  const content = items(data, '0040A730').flatMap((item) => items(item, '00081199'));
  return [...evidence, ...content].map((item) => uid(item, '00081155')).filter((one) => one !== null);
}

/** One sentence for each reason: how many instances and whether they are shown. */
export function rejectionSentences(
  byInstance: ReadonlyMap<string, Rejection>,
  withQuality: boolean,
): readonly string[] {
  return (Object.keys(rejectionWords) as Rejection[]).flatMap((why) => {
    const count = [...byInstance.values()].filter((one) => one === why).length;
    if (count === 0) return [];
    const isShown = why === 'quality' && withQuality;
    return [
      `${count} ${count === 1 ? 'object' : 'objects'} ${rejectionWords[why]}: ${isShown ? 'shown with that mark' : 'not shown'}.`,
    ];
  });
}

/** The key objects among the series of a study (QIDO-RS), as a value to compare with a later answer. */
export function keyObjectsIn(listed: readonly DataSet[]): string {
  return listed
    .filter((row) => text(row, '00080060') === 'KO')
    .map((row) => `${uid(row, '0020000E') ?? ''} ${text(row, '00201209')}`)
    .sort()
    .join('\n');
}
