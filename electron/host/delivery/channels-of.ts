import type { Channel, Delivery } from '../../../shared/domain/delivery/index.ts';
import type { Site } from '../../../shared/domain/order/index.ts';
import type { Gateway } from '../settings/types.ts';
import type { SignedVersion } from './signed-store.ts';

export type GatewayOfSite = Pick<Gateway, 'siteId' | 'kind'>;
type Way = { readonly channel: Channel; readonly name: string };

/**
 * Where a version goes, each with its name for people: record and archive always, and what is set for the order's site. A withdrawal goes
 * to every place where a version went, also where nothing new would be sent any more: it then waits there for a person.
 */
export function channelsOf(
  version: Pick<SignedVersion, 'oru' | 'imr' | 'reportPdf'> & {
    readonly content: Pick<SignedVersion['content'], 'kind'>;
  },
  site: Pick<Site, 'id' | 'name'> | null,
  gateways: readonly GatewayOfSite[],
  before: readonly Pick<Delivery, 'channel' | 'name'>[],
): readonly Way[] {
  const now: readonly Way[] = [
    { channel: 'record', name: 'Patient record, FHIR' },
    { channel: 'archive', name: 'Archive, DICOM SR' },
    ...(version.reportPdf === undefined ? [] : [{ channel: 'pdf' as const, name: 'Archive, DICOM PDF' }]),
    ...(version.oru === null
      ? []
      : [{ channel: 'hl7' as const, name: `HL7 results, ${site?.name ?? version.oru.siteId}` }]),
    ...(version.imr === undefined
      ? []
      : [{ channel: 'imr' as const, name: `FHIR results, ${site?.name ?? version.imr.siteId}` }]),
    ...gateways
      .filter((one) => one.siteId === site?.id)
      .map(({ kind }) => ({
        channel: kind,
        name: `${kind === 'fax' ? 'Fax' : 'Direct mail'}, ${site?.name ?? ''}`,
      })),
  ];
  if (version.content.kind !== 'withdrawal') return now;
  const gone = new Map<Channel, Way>();
  for (const { channel, name } of before)
    if (!now.some((one) => one.channel === channel)) gone.set(channel, { channel, name });
  return [...now, ...gone.values()];
}
