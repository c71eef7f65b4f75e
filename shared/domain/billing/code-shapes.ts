/** A code as tables hold it: without point and spaces, in capitals. */
export function plainCode(code: string): string {
  return code.trim().toUpperCase().replace(/[.\s]/g, '');
}

/** ICD-10-CM Official Guidelines I.A.2: three to seven characters, the first a letter, the second a digit. */
export function isDiagnosisShape(code: string): boolean {
  return /^[A-Z]\d[0-9A-Z]{1,5}$/.test(plainCode(code));
}

/**
 * Procedure codes by shape alone: five digits, or four and T, F or U (CPT categories I, III, II and PLA); HCPCS level II is a letter and four
 * digits. Whether such a code exists is for a table that the group loads under its own licence.
 */
export function isProcedureShape(code: string): boolean {
  return /^(?:\d{5}|\d{4}[TFU]|[A-V]\d{4})$/.test(plainCode(code));
}
