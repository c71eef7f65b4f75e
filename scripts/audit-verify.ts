import { parseArgs } from 'node:util';
import { type AuditFinding, verifyAuditFiles } from '../electron/host/audit/index.ts';
import type { AuditAnchor } from '../shared/domain/audit/index.ts';
import { assertNever } from '../shared/lib/assert-never.ts';
import { dataFolder, openFolder, runScript, ScriptEnd } from './data-folder.ts';

const usage = `npm run audit:verify -- [--data DIR] [--anchor NUMBER:HASH]...

Checks the access log of a data folder. An anchor is a head of the log that was written down elsewhere: in a signed report
("auditHead") or in the record. The end of the log is vouched for by the sealed file audit-head in the data folder, without any anchor.
Exit code 0: nothing was changed. 1: something was, or audit-head is missing. 2: it could not be checked.`;

function readArguments() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string' },
        anchor: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (reason) {
    throw new ScriptEnd(`${reason instanceof Error ? reason.message : 'The arguments are wrong.'}\n\n${usage}`);
  }
}

function readAnchor(text: string): AuditAnchor {
  const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.toLowerCase());
  if (found === null) throw new ScriptEnd('An anchor is a number, a colon and 64 hex digits: --anchor 128:9f86d0….');
  return { sequence: Number(found[1]), hash: found[2] ?? '' };
}

function sentence(finding: AuditFinding, at: number): string {
  switch (finding) {
    case 'edited':
      return `Entry ${at} was edited.`;
    case 'removed':
      return `Entry ${at} was removed.`;
    case 'swapped':
      return `Entries were swapped or repeated, first at ${at}.`;
    case 'cut-tail':
      return `The end of the log was cut off: entry ${at} is missing.`;
    case 'rewritten':
      return `The log was written anew: entry ${at} is not the one that was anchored.`;
    case 'anchor-changed':
      return `Anchor ${at} beside the log was changed or removed; the log agrees with the others.`;
    case 'head-missing':
      return 'The file audit-head is missing, so a cut end could not be seen: either this folder is from before Overread kept one (then start Overread once), or somebody removed it. Nothing else was found.';
    case 'head-changed':
      return 'The file audit-head was changed, so a cut end could not be seen. Nothing else was found.';
    case 'unreadable':
      return `The log cannot be read beyond entry ${at - 1}: the file is damaged.`;
    default:
      return assertNever(finding);
  }
}

await runScript(async () => {
  const values = readArguments();
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const given = (values.anchor ?? []).map(readAnchor);
  const directory = dataFolder(values.data);
  const verdict = verifyAuditFiles({ directory, keyRing: await openFolder(directory, null), given });
  if (!verdict.ok) {
    const verdictWords = verdict.finding === 'head-missing' ? 'NOT PROVEN.' : 'NOT INTACT.';
    console.log(`${verdictWords} ${sentence(verdict.finding, verdict.at)} ${verdict.entries} entries were found.`);
    return 1;
  }
  console.log(`Intact: ${verdict.entries} entries, ${verdict.anchors} anchors agree.`);
  console.log(`Head: ${verdict.head.sequence}:${verdict.head.hash}`);
  if (verdict.headKeptSince > 0)
    console.log(
      `The file audit-head was made when the log had ${verdict.headKeptSince} entries: that none was cut off before then only an anchor tells.`,
    );
  if (verdict.anchoredTo < verdict.entries) {
    console.log(
      `Entries after ${verdict.anchoredTo} are not anchored yet: were log and audit-head both put back from one older copy, this could not be seen.`,
    );
  }
  return 0;
});
