import type { Failure } from '../../../shared/api/index.ts';
import { type BreastImageFacts, stopsSigning, stopWords } from '../../../shared/domain/mammography/index.ts';
import type { SeriesUid, StudyUid } from '../../../shared/domain/study/index.ts';
import { breastImageFromDicom } from '../../../shared/interop/dicom-json/index.ts';
import type { ArchiveClient, InstanceSummary } from '../archive/types.ts';
import { failure } from '../routes/mount.ts';

/** Whether a study may be signed as far as its images say of themselves: the page is not asked. */
export type MammogramCheck = {
  /** Null where nothing stands against it, and for whatever is no mammogram. */
  refusal(study: StudyUid, instances: readonly InstanceSummary[]): Promise<{ ok: false; error: Failure } | null>;
};

/** What an image says of itself never changes: it is asked for once. */
const mostKept = 5_000;
/** Secondary captures lie in series of their own modality, and may be film of a breast. */
const askedModalities = new Set(['MG', 'OT', 'SC', '']);

export function createMammogramCheck(archive: Pick<ArchiveClient, 'sampleInstances'>): MammogramCheck {
  const known = new Map<string, BreastImageFacts | null>();

  /** The images of some series by their own metadata; the archive's failure where it does not tell of each of them. */
  async function factsOf(study: StudyUid, wanted: readonly InstanceSummary[]): Promise<BreastImageFacts[] | string> {
    const missing = wanted.filter((one) => !known.has(one.instanceUid));
    for (const seriesUid of new Set(missing.map((one) => one.seriesUid as SeriesUid))) {
      const found = await archive.sampleInstances(study, seriesUid, false);
      if (!found.ok) return found.error.message;
      const told = new Map(found.value.map((data) => [data['00080018']?.Value?.[0], data]));
      for (const { instanceUid } of missing.filter((one) => one.seriesUid === seriesUid)) {
        const data = told.get(instanceUid);
        if (data === undefined) return 'The archive does not tell of each of its images.';
        known.set(instanceUid, breastImageFromDicom(data));
      }
    }
    const facts = wanted.flatMap((one) => known.get(one.instanceUid) ?? []);
    for (const [oldest] of known) {
      if (known.size <= mostKept) break;
      known.delete(oldest);
    }
    return facts;
  }

  return {
    refusal: async (study, instances) => {
      if (!instances.some((one) => one.modality.toUpperCase() === 'MG')) return null;
      const wanted = instances.filter((one) => askedModalities.has(one.modality.toUpperCase()));
      const facts = await factsOf(study, wanted);
      if (typeof facts === 'string')
        return failure(
          'upstream-unreachable',
          `${facts} A mammogram is signed only when it is known that none of its images is lossy or digitised film. Your words are kept in the draft.`,
        );
      const words = stopWords(stopsSigning(facts));
      return words === null
        ? null
        : failure(
            'not-a-legal-move',
            `${words} Ask the site for the original images; your words are kept in the draft.`,
          );
    },
  };
}
