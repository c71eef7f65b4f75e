import type { ReadBack } from '../electron/host/backup/index.ts';

/** What was found when a backup was opened, one line for each kind. */
export function foundLines(found: ReadBack): readonly string[] {
  const { signedVersions, notReleased, signaturesVerified, unreadable } = found;
  return [
    `  access log intact, ${found.auditEntries} entries; ${found.accounts} accounts`,
    `  journal: ${found.drafts} draft revisions, ${found.receivedMessages} received messages, ${signedVersions} signed versions (${notReleased} not yet in the record); ${signaturesVerified} signatures verified`,
    found.resources === null
      ? '  the record is another server: its own backup keeps what it holds'
      : `  record: ${found.resources} resources, ${found.reportsInRecord ?? 0} of them reports`,
    ...(unreadable === 0
      ? []
      : [`  ${unreadable} rows of the journal do not open; they are kept as they were on the host`]),
  ];
}
