import type { Instant } from '../../lib/instant.ts';

/** Where a released report goes. `record` is FHIR, `archive` the DICOM SR, `pdf` the signed PDF as a DICOM object in the archive, `hl7` the site's ORU over MLLP; `imr` its FHIR server (IHE RAD-141); `fax` and `direct` its gateways. */
export const channels = ['record', 'archive', 'pdf', 'hl7', 'imr', 'fax', 'direct'] as const;
export type Channel = (typeof channels)[number];

/**
 * What an application acknowledgement (HL7 v2.5.1 2.9.2, MSA-1 AA) is worth at a site. `accepted`: the hop that answered took it. `filed`: the receiving
 * application answers itself. `enhanced`: it is asked for a commit first and for its own answer later (MSH-15 and MSH-16 AL), and that answer is filed.
 * A commit (CA) is none of them.
 */
export const hl7Receipts = ['accepted', 'filed', 'enhanced'] as const;
export type Hl7Receipt = (typeof hl7Receipts)[number];

/**
 * queued -> sent -> accepted (by the hop that answered) -> filed (read back equal) | refused (needs a person). `withdrawn`: its report was
 * taken back before it had arrived, and it never goes out again; the withdrawal goes in its place. `superseded`: taken by the receiver, where a
 * later version of ours stands by now, so that nobody can read this one back.
 */
export const deliveryStates = ['queued', 'sent', 'accepted', 'filed', 'refused', 'withdrawn', 'superseded'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * What a gateway was given, and where: it is asked there until its end, wherever the site's gateway is by then. `over`: nothing more is to be
 * expected of it, so that what a person sends again is a new job.
 */
export type GatewayJobPlace = { readonly id: string; readonly place: string; readonly over?: true };

/** One version of a report on one channel. Ids and bytes are made once, at signing, and never change between attempts. */
export type Delivery = {
  readonly id: string;
  readonly reportId: string;
  readonly version: number;
  readonly taskId: string;
  readonly channel: Channel;
  /** Shown to people: "Patient record, FHIR", "Archive, DICOM SR", "HL7 results, Larkspur". */
  readonly name: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly since: Instant;
  /** What proves the state: "201, read back, digest equal 9f2c…e1", "AA for message OVR…", or the refusal in words. */
  readonly proof: string;
  /** How often a person put it back after a refusal; absent where nobody did. */
  readonly again?: number;
  /** Of fax and Direct mail, once a job was put anywhere. */
  readonly job?: GatewayJobPlace;
};

/** Committed by its receiver (CA), whose application has not said yet what became of it: the bytes are safe there, and no more is known. */
export function isCommitted({ state, nextAttemptAt }: Pick<Delivery, 'state' | 'nextAttemptAt'>): boolean {
  return state === 'sent' && nextAttemptAt !== null;
}

/** Nothing more follows on this delivery: where HL7 is `accepted`, that is all that can be known there; the others are read back (standards 4.3). */
export function isArrived({ state, channel }: Pick<Delivery, 'state' | 'channel'>): boolean {
  return state === 'filed' || (state === 'accepted' && channel === 'hl7');
}
