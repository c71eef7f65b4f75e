import type { GatewayKind, GatewayRecipient } from '../../../shared/domain/delivery/index.ts';

/** Where an archive or a record is: inside the host, or a server with an address and, where set, credentials. */
export type Upstream =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'remote'; readonly url: string; readonly credentials: Credentials };
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** A site's HL7 results endpoint: MLLP on a host and port. */
export type Hl7Endpoint = {
  readonly siteId: string;
  readonly host: string;
  readonly port: number;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** How the lines of a section lie in OBX; one OBX a line where nothing is said. */
  readonly text?: 'line-each' | 'repetitions' | 'formatted';
  /** Whether the signed PDF goes along in an OBX of type ED; it does where nothing is said. */
  readonly pdf?: boolean;
};

/**
 * By which a gateway or a site's server knows this host. `sealed`: it was sealed elsewhere, for another address, or is damaged, and cannot
 * be opened.
 */
export type ChannelToken = string | null | { readonly sealed: string };

/** A site's FHIR R4 server that takes reports by IHE RAD-141 (Store Multimedia Report). */
export type ImrReceiver = {
  readonly siteId: string;
  /** The FHIR base address, without a slash at its end. */
  readonly url: string;
  readonly token: ChannelToken;
  /** Under which systems the server keeps the site's patient and accession numbers. */
  readonly patientSystem: string;
  readonly accessionSystem: string;
  /** `known`: a patient whom the server does not know stops the delivery. `created`: is created there. */
  readonly patients: 'known' | 'created';
  /** DICOMweb address at which its people fetch the images. */
  readonly images: string;
  /** Whether the signed PDF goes along with the HTML. */
  readonly pdf: boolean;
};

/** By what a host logs in at a gateway's server. `sealed`: it was sealed elsewhere, for another place, or is damaged, and cannot be opened. */
export type SftpSecret =
  | { readonly kind: 'password'; readonly password: string }
  /** OpenSSH or PEM, without a passphrase. */
  | { readonly kind: 'key'; readonly privateKey: string }
  | { readonly kind: 'sealed'; readonly sealed: string };

/** A folder on a server that is reached by SFTP. */
export type SftpPlace = {
  readonly kind: 'sftp';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** As the server names it; a name without a slash before it lies where the login begins. */
  readonly folder: string;
  /** The server's key that a person has confirmed, `SHA256:…`; null where nobody has, and then nothing goes there. */
  readonly hostKey: string | null;
  readonly secret: SftpSecret;
};

/** A site's gateway for fax or Direct secure mail, and the only numbers and addresses that are used with it. */
export type Gateway = {
  readonly siteId: string;
  readonly kind: GatewayKind;
  readonly to: GatewayPlace;
  readonly recipients: readonly GatewayRecipient[];
  /** Where it was before, and until when (Unix milliseconds): jobs that were put there are asked for there. */
  readonly before?: readonly { readonly to: GatewayPlace; readonly movedAt: number }[];
};
export type GatewayPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'http'; readonly url: string; readonly token: ChannelToken }
  | SftpPlace;

/** What makes a host one of a group (`--listen`). */
export type Listen = {
  readonly address: string;
  readonly port: number;
  /** Paths of certificate chain and private key, PEM; null on loopback without TLS. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Where people reach it; empty for the address itself. */
  readonly origins: readonly string[];
  /** The secret that all hosts of the group share; null where this one alone stands over its record. */
  readonly groupKey: string | null;
};

/** Where the ordering physician's page is served (`--physician-listen`): a listener of its own, apart from the readers'. */
export type PhysicianListen = {
  readonly address: string;
  readonly port: number;
  /** Paths of certificate chain and private key, PEM; null on loopback, where something with TLS stands before it. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Where people reach it, such as https://reports.example; null for the address itself. */
  readonly origin: string | null;
};

/** Where the desktop of a reader finds its group (`--group`). */
export type GroupLinkSetting = {
  /** Of the group's hosts, the first one first. */
  readonly origins: readonly string[];
  /** The only authority that is trusted for them, PEM; null for those of the computer. */
  readonly authority: string | null;
};

/** An address on which a site's HL7 v2 messages are taken in, and what its messages leave unsaid. */
export type Hl7Listening = {
  readonly host: string;
  readonly port: number;
  /** The site that sends there; null takes the sending facility (MSH-4) for the site. */
  readonly siteId: string | null;
  readonly zone: string | null;
  /** For messages that name none in MSH-18. */
  readonly characterSet: string | null;
  /** Which field holds the accession number. */
  readonly accession: 'auto' | 'IPC-1' | 'OBR-2' | 'OBR-3' | 'OBR-18' | 'OBR-19';
};

/** What a host does for the day on which it is gone. */
export type Upkeep = {
  /** Where and at which full hour of this computer's zone the nightly backup is made; null makes none. */
  readonly backup: { readonly target: string; readonly hour: number } | null;
  /** Where a page for each site is kept that can be printed while the host is down. Plain, with patients on it: null writes none. */
  readonly downtimeFolder: string | null;
};

/** Everything that can be set, after command line, environment (`OVERREAD_*`) and `settings.json` under the data folder are merged, in that order of strength. */
export type Settings = {
  readonly dataDirectory: string;
  readonly port: number;
  /** The shell that was asked for (`--browser`, `--desktop`); absent leaves the choice to the start script. */
  readonly shell?: 'browser' | 'desktop';
  /** Demo day at start; false with `--empty`, and false with any remote archive or record: invented patients never go to a real server. */
  readonly demo: boolean;
  readonly open: boolean;
  readonly keyFile: boolean;
  readonly archive: Upstream;
  readonly record: Upstream;
  readonly hl7: readonly Hl7Endpoint[];
  /** The endpoints are those of `OVERREAD_HL7`, and settings.json has no say in them. Absent: they are the file's. */
  readonly hl7From?: 'environment';
  /** Absent: none. */
  readonly imr?: readonly ImrReceiver[];
  /** `--allow-insecure`: plain http to another machine was asked for. */
  readonly allowInsecure?: true;
  /** Absent: none. */
  readonly gateways?: readonly Gateway[];
  /** In which folders of this machine gateways may lie. Absent: where settings.json says, and no lead names another one. */
  readonly gatewayFolders?: readonly string[];
  readonly hl7Listen: readonly Hl7Listening[];
  readonly idleLockMinutes: number;
  readonly idleEndMinutes: number;
  /** After so many minutes without an acknowledgement a code is told to the next reader and the lead. */
  readonly codeEscalationMinutes: number;
  /** Present on a host that serves a group. */
  readonly listen?: Listen;
  /** Present where a group host serves the ordering physician's page. */
  readonly physicianPage?: PhysicianListen;
  /** Present on the desktop of a reader in a group. */
  readonly group?: GroupLinkSetting;
  /** Absent: nothing of it. */
  readonly upkeep?: Upkeep;
  /** Images fetched ahead: how many megabytes they may take (0: none) and how long they stay after a reader has gone. Absent: the usual. */
  readonly imagesAhead?: { readonly megabytes: number; readonly graceMinutes: number };
  /** Read window of the archive in days back from now. */
  readonly studyDays: number;
};

export type SettingsFailure = { readonly code: 'unknown-option' | 'bad-value' | 'bad-file'; readonly message: string };
