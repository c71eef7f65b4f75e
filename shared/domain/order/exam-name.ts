/** An exam in one line: "CT head without contrast", whether or not the procedure's own words begin with the modality. */
export function examName(modality: string, procedure: string): string {
  const named = procedure.trim();
  return named.toUpperCase().startsWith(`${modality.toUpperCase()} `) ? named : `${modality} ${named}`.trim();
}
