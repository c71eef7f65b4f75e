import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createArchiveClient, createEmbeddedArchive, embeddedArchiveUrl } from '../../electron/host/archive/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { readHangingFile } from '../../shared/api/index.ts';
import {
  type HangingRule,
  hang,
  type SeriesDescription,
  type StudyDescription,
} from '../../shared/domain/hanging/index.ts';
import { seriesDescriptionFromDicom, studyTraitsFromDicom } from '../../shared/interop/dicom-json/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import { hasSharedData, part10FilesOf, sharedData } from '../servers/shared-data.ts';

const folder = new URL('../../resources/hanging-protocols/', import.meta.url);
const rules: readonly HangingRule[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => {
    const read = readHangingFile(readFileSync(new URL(name, folder), 'utf8'));
    return read.ok ? read.value.map((protocol): HangingRule => ({ level: 'shipped', protocol })) : [];
  });

type Row = { readonly [tag: string]: { readonly Value?: readonly unknown[] } };
const first = (row: Row | undefined, tag: string): string => String(row?.[tag]?.Value?.[0] ?? '');

describe.skipIf(!hasSharedData)('the real studies', () => {
  it('hang by the rules that are meant for them, the rest in order', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'overread-hanging-'));
    const keys = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keys.ok) throw new Error(keys.error.message);
    const ports = testPorts();
    const embedded = await createEmbeddedArchive({ directory, key: keys.value.derive('archive'), ports });
    const archive = createArchiveClient({
      name: 'embedded-archive',
      baseUrl: embeddedArchiveUrl,
      credentials: { kind: 'none' },
      fetch: embedded.fetch,
      ports,
    });
    const ask = async (path: string): Promise<readonly Row[]> => {
      const answer = await embedded.fetch(new Request(`${embeddedArchiveUrl}${path}`));
      return answer.ok ? ((await answer.json()) as readonly Row[]) : [];
    };
    const table: string[] = [];
    const chosen = new Map<string, string>();
    try {
      for await (const bytes of part10FilesOf(join(sharedData, 'dicom', 'studies'))) await archive.store(bytes);
      const described: (StudyDescription & { readonly date: string; readonly patient: string })[] = [];
      for (const study of await ask('/studies')) {
        const studyUid = first(study, '0020000D');
        const series: SeriesDescription[] = [];
        let traits = studyTraitsFromDicom({});
        for (const row of await ask(`/studies/${studyUid}/series`)) {
          const seriesUid = first(row, '0020000E');
          const instances = await ask(`/studies/${studyUid}/series/${seriesUid}/metadata`);
          if (series.length === 0) traits = studyTraitsFromDicom(instances[0]);
          const images = instances
            .filter((one) => one['00280010'] !== undefined)
            .reduce((sum, one) => sum + Number(first(one, '00280008') || 1), 0);
          series.push(seriesDescriptionFromDicom({ studyUid, seriesUid }, instances, images));
        }
        const modalities = (study['00080061']?.Value ?? []).map(String);
        described.push({
          studyUid,
          modalities,
          ...traits,
          series,
          date: first(study, '00080020'),
          patient: first(study, '00100020'),
        });
      }
      for (const current of described) {
        const priors = described
          .filter((one) => one.patient !== '' && one.patient === current.patient && one.date < current.date)
          .map((prior) => ({ ...prior, label: prior.date }));
        const hanging = hang(rules, { current, priors, screens: 1 });
        const name = `${current.modalities.join('/')} ${current.description || current.bodyPart || '(no words)'}`;
        chosen.set(current.studyUid, hanging.rule?.protocol.id ?? 'in order');
        const stages = hanging.stages.map((stage) => {
          const boxes = stage.slots.map((slot) => {
            if (slot.of === 'nobody') return '·';
            const one = described
              .find((each) => each.studyUid === slot.studyUid)
              ?.series?.find((each) => each.seriesUid === slot.seriesUid);
            const view = one?.instances.find((each) => each.instanceUid === slot.instanceUid)?.view ?? '';
            return `${slot.of === 'prior' ? 'PRIOR ' : ''}${one?.description || one?.modality} ${view}`.trim();
          });
          return `${stage.name} ${stage.rows}x${stage.columns} [${boxes.join(' | ')}]`;
        });
        table.push(`${name} => ${hanging.rule?.protocol.hangingProtocolName ?? hanging.because} (${hanging.because})`);
        for (const stage of stages) table.push(`    ${stage}`);
        for (const { name: rule, why } of hanging.passedOver) table.push(`    passed over: ${rule}: ${why}`);
      }
    } finally {
      await archive.close();
      await embedded.close();
      await rm(directory, { recursive: true, force: true });
    }
    if (process.env.OVERREAD_TABLE === '1') console.log(table.join('\n'));
    const rulesUsed = [...chosen.values()];
    expect(rulesUsed).toEqual(
      expect.arrayContaining([
        'ct-chest',
        'pet-ct',
        'xr-chest',
        'mr-body',
        'us-tiles',
        'nm-planar',
        'mg-four-views',
        'in order',
      ]),
    );
  }, 300_000);
});
