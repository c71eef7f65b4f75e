import { assertNever } from '../../lib/assert-never.ts';
import { isOwnReportPdf } from './report-pdf-uids.ts';

/** What of an instance tells whether a signature covers it. */
type CoveredBy = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
  readonly modality: string;
};

/** Documents (the Structured Reporting family, with Key Object Selection) and presentation states (PS3.4 B.5). */
const aboutImages = ['1.2.840.10008.5.1.4.1.1.88.', '1.2.840.10008.5.1.4.1.1.11.'];
const aboutModalities = ['SR', 'KO', 'PR'];

/**
 * The instances that a signature covers: all but documents about the study and presentation states, which come while it is read. Ours
 * among them (the SR of an earlier version, arrows that were saved), told by SOP class and, where an archive leaves the class out, by
 * modality. A PDF of the site counts, since exams come as PDF; that of a report of ours does not.
 */
export function coveredInstances<Instance extends CoveredBy>(list: readonly Instance[]): readonly Instance[] {
  return list.filter((one) => {
    if (isOwnReportPdf(one)) return false;
    return one.sopClassUid === ''
      ? !aboutModalities.includes(one.modality)
      : !aboutImages.some((family) => one.sopClassUid.startsWith(family));
  });
}

/**
 * What of an archive's list stands against a signature: what a signature of now would cover, and whatever was signed and is still there.
 * A report that was signed when presentation states still counted is not held up for them.
 */
export function presentFor<Instance extends CoveredBy>(
  signed: Iterable<string>,
  list: readonly Instance[],
): readonly string[] {
  const before = new Set(signed);
  const covered = new Set(coveredInstances(list).map((one) => one.instanceUid));
  return list.map((one) => one.instanceUid).filter((uid) => covered.has(uid) || before.has(uid));
}

/** What became of the images that a reader signed on. `shrank` may have brought others in the place of those that are missing. */
export type ImageSetChange =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'grew'; readonly added: number }
  | { readonly kind: 'shrank'; readonly missing: number; readonly added: number }
  | { readonly kind: 'gone' };

/**
 * Compares the instances that were signed with those that the archive holds. Only for a list that the archive gave just now: an archive
 * that is silent says nothing about its images, and an old list says nothing about today's.
 */
export function imageSetChange(signed: Iterable<string>, present: Iterable<string>): ImageSetChange {
  const before = new Set(signed);
  const now = new Set(present);
  const missing = [...before].filter((uid) => !now.has(uid)).length;
  const added = [...now].filter((uid) => !before.has(uid)).length;
  if (missing > 0) return now.size === 0 ? { kind: 'gone' } : { kind: 'shrank', missing, added };
  return added > 0 ? { kind: 'grew', added } : { kind: 'unchanged' };
}

const images = (count: number): string => (count === 1 ? '1 image' : `${count} images`);
const moreImages = (count: number): string => (count === 1 ? '1 more image' : `${count} more images`);

/** Why a report that was signed on other images is given back; null where they are the same. */
export function imageSetWords(change: ImageSetChange): string | null {
  switch (change.kind) {
    case 'unchanged':
      return null;
    case 'grew':
      return `The study changed after you signed: ${moreImages(change.added)} came. Look at it and sign again.`;
    case 'shrank': {
      const came = change.added === 0 ? '' : ` and ${moreImages(change.added)} came`;
      return `The study changed after you signed: ${images(change.missing)} of it ${change.missing === 1 ? 'is' : 'are'} gone${came}. Look at it and sign again.`;
    }
    case 'gone':
      return 'The study was withdrawn from the archive after you signed: none of its images is there any more. Ask the site; your words are kept.';
    default:
      return assertNever(change);
  }
}
