import { parseArgs } from 'node:util';
import { BackupTrouble, restoreBackup } from '../electron/host/backup/index.ts';
import { instant } from '../shared/lib/instant.ts';
import { formatInZone } from '../shared/lib/zoned-time.ts';
import { foundLines } from './backup-words.ts';
import { dataFolder, openFolder, runScript, ScriptEnd } from './data-folder.ts';

const usage = `npm run restore -- TARGET --data EMPTYDIR [--generation NAME] [--host ID]

Restores the newest good backup in TARGET (or the one named) into an empty folder and verifies it. A passphrase is that of the data folder
that was backed up, from OVERREAD_PASSPHRASE or asked for. Start Overread on the restored folder only when the old host is gone: two hosts
over one identity would both hold its duties. Exit code 0: restored. 2: nothing was, and the folder is as empty as before.`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        generation: { type: 'string' },
        host: { type: 'string' },
        help: { type: 'boolean' },
      },
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
  // Never into the folder that Overread would take by itself: where to restore is said.
  if (values.data === undefined) throw new ScriptEnd('Say into which empty folder: --data EMPTYDIR.');
  const { host = null, generation = null } = values;
  if (host !== null && !/^[0-9a-f]{12}$/.test(host)) throw new ScriptEnd('A host is named by 12 letters and digits.');
  if (generation !== null && !/^\d{8}T\d{6}Z(?:-\d+)?$/.test(generation))
    throw new ScriptEnd('A generation is named like 20261129T030000Z.');
  try {
    const { manifest, found } = await restoreBackup({
      target,
      directory: dataFolder(values.data),
      host,
      generation,
      newId: () => crypto.randomUUID(),
      open: (folder) => openFolder(folder, null),
    });
    const zones = [...new Set([manifest.zone, 'UTC'])];
    const when = zones.map((zone) => formatInZone(instant(manifest.begunAt), zone)).join(' = ');
    console.log(
      `Restored ${manifest.generation} of host ${manifest.host}, as it was at ${when} (Overread ${manifest.program}):`,
    );
    for (const line of foundLines(found)) console.log(line);
    if (manifest.archive !== null) console.log(`  archive: ${manifest.archive.objects} objects`);
    console.log(
      'What was entered after that time is not in it. An anchor of the access log from later will not agree with it.',
    );
    return 0;
  } catch (reason) {
    if (reason instanceof BackupTrouble) throw new ScriptEnd(reason.message);
    throw reason;
  }
});
