/** A LOINC code with the meaning that DICOM and HL7 carry beside it. */
export type LoincCode = { readonly code: string; readonly meaning: string };

/** CID 7000, by modality. Mammography is not told apart as screening or diagnostic here, so it keeps the general title. */
export function documentCode(modality: string | null): LoincCode {
  switch (modality) {
    case 'CT':
      return { code: '18747-6', meaning: 'CT Report' };
    case 'MR':
      return { code: '18755-9', meaning: 'MRI Report' };
    case 'US':
      return { code: '18760-9', meaning: 'Ultrasound Report' };
    case 'PT':
      return { code: '18758-3', meaning: 'PET Scan Report' };
    case 'NM':
      return { code: '18757-5', meaning: 'Nuclear Medicine Report' };
    case 'CR':
    case 'DX':
      return { code: '43468-8', meaning: 'X-Ray Report' };
    default:
      return { code: '18748-4', meaning: 'Diagnostic Imaging Report' };
  }
}

/** HL7 table 0074, by modality: OBR-24 and DiagnosticReport.category. */
export function diagnosticService(modality: string | null): { readonly code: string; readonly display: string } {
  switch (modality) {
    case 'CT':
      return { code: 'CT', display: 'CAT Scan' };
    case 'MR':
      return { code: 'NMR', display: 'Nuclear Magnetic Resonance' };
    case 'US':
      return { code: 'RUS', display: 'Radiology Ultrasound' };
    case 'NM':
    case 'PT':
      return { code: 'NMS', display: 'Nuclear Medicine Scan' };
    case 'CR':
    case 'DX':
      return { code: 'RX', display: 'Radiograph' };
    default:
      return { code: 'RAD', display: 'Radiology' };
  }
}

/** CID 7001 meanings and the CID 7002 element that holds a section's text. */
const sections: { readonly [code: string]: { readonly meaning: string; readonly element: LoincCode } | undefined } = {
  '55752-0': { meaning: 'Clinical Information', element: { code: '121060', meaning: 'History' } },
  '55111-9': {
    meaning: 'Current Procedure Descriptions',
    element: { code: '121065', meaning: 'Procedure Description' },
  },
  '18834-2': { meaning: 'Previous Findings', element: { code: '121069', meaning: 'Previous Finding' } },
  '59776-5': { meaning: 'Findings', element: { code: '121071', meaning: 'Finding' } },
  '19005-8': { meaning: 'Impressions', element: { code: '121073', meaning: 'Impression' } },
  '55107-7': { meaning: 'Addendum', element: { code: '121106', meaning: 'Comment' } },
  // CID 7002 has no element for it: its lines are comments.
  '73568-8': { meaning: 'Communication of Critical Results', element: { code: '121106', meaning: 'Comment' } },
  '55112-7': { meaning: 'Summary', element: { code: '121106', meaning: 'Comment' } },
};

/** A code that is not in our table keeps the title that came with it, and its text is a Comment (121106, DCM). */
export function sectionMeaning(code: string, title: string): string {
  return sections[code]?.meaning ?? title;
}

export function sectionElement(code: string): LoincCode {
  return sections[code]?.element ?? { code: '121106', meaning: 'Comment' };
}
