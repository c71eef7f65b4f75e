/**
 * DICOMweb on the page's own origin: `/dicomweb/{archive}/studies/...` (PS3.18 10.4, 10.6), GET only, session in `Authorization`,
 * case in the two headers below. Fetched by `renderer/imaging` alone.
 */
export const caseHeaders = { task: 'Overread-Task', epoch: 'Overread-Epoch', window: 'Overread-Window' } as const;

/**
 * By which a reader's desktop says at its group host that images are fetched ahead (`prefetch`), and a window that it takes what it was
 * allowed to remember (`remember`): no epoch goes with either.
 */
export const purposeHeader = 'Overread-Purpose';
