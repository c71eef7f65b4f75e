import type { ReportContent, ReportSection, ReportVersion, WrittenKind } from './report.ts';
import { textLines } from './report-text.ts';

/** What an overreader says of another reader's preliminary: agree, or a difference that changes nothing, or one that changes care. */
export const agreements = ['agree', 'minor', 'major'] as const;
export type Agreement = (typeof agreements)[number];

/** Of a final that follows a preliminary. It never replaces those words without saying so. */
export type AfterPreliminary = {
  readonly version: number;
  readonly signer: { readonly id: string; readonly name: string };
  /** Whether any section reads otherwise. */
  readonly changed: boolean;
  /** Null where she signed the preliminary herself. */
  readonly agreement: Agreement | null;
};

/** The preliminary that a final over this version would overread; null where it is her own, or there is none. */
export function overreadOf(
  kind: WrittenKind | 'withdrawal',
  readerId: string,
  standing: Pick<ReportVersion, 'kind' | 'version' | 'content'> | null,
): { readonly version: number; readonly signer: { readonly id: string; readonly name: string } } | null {
  if (kind !== 'final' || standing?.kind !== 'preliminary' || standing.content.signer.id === readerId) return null;
  const { id, name } = standing.content.signer;
  return { version: standing.version, signer: { id, name } };
}

/** Of a report over several exams the open one stands first, and another may be open when it is signed: that changes no word. */
const wordsOf = (sections: readonly ReportSection[]): string =>
  JSON.stringify(
    sections
      .map(({ code, exam, text }) => [exam ?? '', code, textLines(text).join('\n')] as const)
      .filter(([, , text]) => text !== '')
      .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)),
  );

/** Whether the words of the final are others than those of the preliminary, white space at line ends aside. */
export function isChanged(before: readonly ReportSection[], now: readonly ReportSection[]): boolean {
  return wordsOf(before) !== wordsOf(now);
}

export const agreementWords: Readonly<Record<Agreement, string>> = {
  agree: 'agrees',
  minor: 'disagrees, minor',
  major: 'disagrees, major',
};

/** "follows the preliminary, version 1, by Dr R. Okonjo; overread by Dr M. Tandewright: disagrees, major; words changed". Null for every other version. */
export function afterPreliminaryText(content: Pick<ReportContent, 'preliminary' | 'signer'>): string | null {
  const { preliminary, signer } = content;
  if (preliminary === undefined) return null;
  const { version, changed, agreement } = preliminary;
  return [
    `follows the preliminary, version ${version}, by ${preliminary.signer.name}`,
    ...(agreement === null ? [] : [`overread by ${signer.name}: ${agreementWords[agreement]}`]),
    changed ? 'words changed' : 'words unchanged',
  ].join('; ');
}
