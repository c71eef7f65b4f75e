import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { addTable, openCodeTables, type TableKind } from '../electron/host/billing/code-tables.ts';
import { dataFolder, runScript, ScriptEnd } from './data-folder.ts';

const usage = `npm run tables -- add icd10cm|procedure FILE --valid-from YYYY-MM-DD [--data DIR]
npm run tables -- list [--data DIR]

icd10cm: the order file or the code file of an edition as CMS publishes it (icd10cm_order_YYYY.txt, icd10cm_codes_YYYY.txt), or a CSV with
columns code and billable; also gzipped. procedure: a CSV of your own with columns code, modality, body_part, laterality (L, R, B),
contrast (with, without, both). Several editions are kept; the day of service chooses.`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { data: { type: 'string' }, 'valid-from': { type: 'string' }, help: { type: 'boolean' } },
    });
  } catch (reason) {
    throw new ScriptEnd(`${reason instanceof Error ? reason.message : 'The arguments are wrong.'}\n\n${usage}`);
  }
}

function dayOf(text: string | undefined): string {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text ?? '');
  const day = parts === null ? '' : `${parts[1]}${parts[2]}${parts[3]}`;
  const read = new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T00:00:00Z`);
  if (parts === null || Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10).replaceAll('-', '') !== day)
    throw new ScriptEnd('Say from which day the edition is in force: --valid-from YYYY-MM-DD.');
  return day;
}

const shown = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;

await runScript(async () => {
  const { values, positionals } = readArguments();
  const [command, kind, file, ...rest] = positionals;
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const directory = dataFolder(values.data);
  if (command === 'list' && kind === undefined) {
    const tables = await openCodeTables(directory);
    for (const one of tables.list())
      console.log([one.kind, `from ${shown(one.validFrom)}`, `${one.codes} codes`].join('\t'));
    if (tables.list().length === 0) console.log('No tables are loaded.');
    return 0;
  }
  const kinds: readonly TableKind[] = ['icd10cm', 'procedure'];
  const wanted = kinds.find((one) => one === kind);
  if (command !== 'add' || wanted === undefined || file === undefined || rest.length > 0) throw new ScriptEnd(usage);
  const validFrom = dayOf(values['valid-from']);
  const there = await stat(directory).catch(() => null);
  if (there?.isDirectory() !== true)
    throw new ScriptEnd(`There is no folder ${directory}. Start Overread once, or say --data DIR.`);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) throw new ScriptEnd(`The file ${file} cannot be read.`);
  const added = await addTable(directory, wanted, bytes, validFrom);
  if (!added.ok) throw new ScriptEnd(`Nothing was loaded. ${added.error}`);
  console.log(`${added.value.codes} codes of ${wanted} are loaded, in force from ${shown(validFrom)}.`);
  return 0;
});
