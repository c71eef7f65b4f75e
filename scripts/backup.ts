import { parseArgs } from 'node:util';
import { BackupTrouble, keptGenerations, keyStoreNoBackup, makeBackup } from '../electron/host/backup/index.ts';
import { placesOf } from '../electron/launch/places.ts';
import { instant } from '../shared/lib/instant.ts';
import { formatInZone } from '../shared/lib/zoned-time.ts';
import { foundLines } from './backup-words.ts';
import { dataFolder, openFolder, runScript, ScriptEnd } from './data-folder.ts';

const usage = `npm run backup -- TARGET [--data DIR] [--keep N]

Copies a data folder into TARGET, whether Overread runs on it or not, reads the copy back as an empty host would, and only then counts it
as a backup. The last ${keptGenerations} good ones are kept (--keep); images are kept once for all of them. It stays sealed under the key of the data
folder: without its passphrase nothing of it can be read. Exit code 0: a good backup was made. 2: none was, and the earlier ones stay.`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { data: { type: 'string' }, keep: { type: 'string' }, help: { type: 'boolean' } },
    });
  } catch (reason) {
    throw new ScriptEnd(`${reason instanceof Error ? reason.message : 'The arguments are wrong.'}\n\n${usage}`);
  }
}

await runScript(async () => {
  const { values, positionals } = readArguments();
  const [target, ...rest] = positionals;
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  if (target === undefined || target === '' || rest.length > 0) throw new ScriptEnd(usage);
  const keep = values.keep === undefined ? keptGenerations : Number(values.keep);
  if (!Number.isInteger(keep) || keep < 1 || keep > 1_000) throw new ScriptEnd('--keep takes a number from 1 to 1000.');
  const directory = dataFolder(values.data);
  const keyRing = await openFolder(directory, null, `No backup was made: ${keyStoreNoBackup}`);
  const { version } = placesOf(new URL('../electron/serve.ts', import.meta.url).href);
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    const ports = { now: () => Date.now(), newId: () => crypto.randomUUID() };
    const made = await makeBackup({ directory, target, program: version, zone, keep }, keyRing, ports);
    console.log(
      `Good backup ${made.generation} of host ${made.host}, begun ${formatInZone(instant(made.begunAt), zone)}:`,
    );
    for (const line of foundLines(made.found)) console.log(line);
    if (made.archive !== null)
      console.log(`  archive: ${made.archive.objects} objects, ${made.archive.copied} of them newly copied`);
    console.log(`${made.generations} good generations are in ${target}; the last ${keep} are kept.`);
    if (keyRing.kind === 'key-file')
      console.log('The key lies in a file beside the data, and so in the backup: whoever has the backup can read it.');
    return 0;
  } catch (reason) {
    if (reason instanceof BackupTrouble) throw new ScriptEnd(reason.message);
    throw reason;
  }
});
