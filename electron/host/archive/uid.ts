/**
 * DICOM UID grammar (PS3.5 9.1): digits and dots, at most 64 characters. Components with a leading zero break the grammar but
 * are met in real studies and can harm no URL and no path, so they pass.
 */
export function isUid(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 64 && /^\d+(\.\d+)*$/.test(text);
}
