import { parseArgs } from 'node:util';
import { type AuditFinding, verifyAuditFiles } from '../electron/host/audit/index.ts';
import type { AuditAnchor } from '../shared/domain/audit/index.ts';
import { assertNever } from '../shared/lib/assert-never.ts';
import { dataFolder, openFolder, runScript, ScriptEnd } from './data-folder.ts';

const usage = `npm run audit:verify -- [--data DIR] [--anchor NUMBER:HASH]...

Checks the access log of a data folder. An anchor is a head of the log that was written down elsewhere: in a signed report
("auditHead") or in the record. Exit code 0: nothing was changed. 1: something was. 2: it could not be checked.`;

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
    console.log(`NOT INTACT. ${sentence(verdict.finding, verdict.at)} ${verdict.entries} entries were found.`);
    return 1;
  }
  console.log(`Intact: ${verdict.entries} entries, ${verdict.anchors} anchors agree.`);
  console.log(`Head: ${verdict.head.sequence}:${verdict.head.hash}`);
  if (verdict.anchoredTo < verdict.entries) {
    console.log(
      `Entries after ${verdict.anchoredTo} are not anchored yet: were the last of them cut off, this could not be seen.`,
    );
  }
  return 0;
});
