/** Elements that a search answers and matches, by level (PS3.18 tables 10.6.3-3 to 10.6.3-5, and what a worklist needs beside). */
export const studyTags = {
  '00080020': 'StudyDate',
  '00080030': 'StudyTime',
  '00080050': 'AccessionNumber',
  '00080080': 'InstitutionName',
  '00080090': 'ReferringPhysicianName',
  '00080201': 'TimezoneOffsetFromUTC',
  '00081030': 'StudyDescription',
  '00081032': 'ProcedureCodeSequence',
  '00100010': 'PatientName',
  '00100020': 'PatientID',
  '00100021': 'IssuerOfPatientID',
  '00100030': 'PatientBirthDate',
  '00100040': 'PatientSex',
  '00101001': 'OtherPatientNames',
  '00101002': 'OtherPatientIDsSequence',
  '00101005': 'PatientBirthName',
  '0020000D': 'StudyInstanceUID',
  '00200010': 'StudyID',
} as const;

export const seriesTags = {
  '00080021': 'SeriesDate',
  '00080031': 'SeriesTime',
  '00080060': 'Modality',
  '0008103E': 'SeriesDescription',
  '00180015': 'BodyPartExamined',
  '00185101': 'ViewPosition',
  '0020000E': 'SeriesInstanceUID',
  '00200011': 'SeriesNumber',
  '00200060': 'Laterality',
  '00400244': 'PerformedProcedureStepStartDate',
  '00400245': 'PerformedProcedureStepStartTime',
} as const;

export const instanceTags = {
  '00080008': 'ImageType',
  '00080016': 'SOPClassUID',
  '00080018': 'SOPInstanceUID',
  '00080023': 'ContentDate',
  '00080033': 'ContentTime',
  '00200013': 'InstanceNumber',
  '00280008': 'NumberOfFrames',
  '00280010': 'Rows',
  '00280011': 'Columns',
  '00280100': 'BitsAllocated',
} as const;

const computed = {
  '00080061': 'ModalitiesInStudy',
  '00083002': 'AvailableTransferSyntaxUID',
  '00201206': 'NumberOfStudyRelatedSeries',
  '00201208': 'NumberOfStudyRelatedInstances',
  '00201209': 'NumberOfSeriesRelatedInstances',
} as const;

const byKeyword = new Map<string, string>();
for (const table of [studyTags, seriesTags, instanceTags, computed]) {
  for (const [tag, keyword] of Object.entries(table)) byKeyword.set(keyword.toLowerCase(), tag);
}

/** The tag of a keyword or a tag in text; null for what this archive does not index. */
export function tagOfKey(key: string): string | null {
  const upper = key.toUpperCase();
  if (/^[0-9A-F]{8}$/.test(upper)) return [...byKeyword.values()].includes(upper) ? upper : null;
  return byKeyword.get(key.toLowerCase()) ?? null;
}
