import { text as firstText } from '../../../../shared/interop/dicom-json/index.ts';
import type { DicomJson } from '../types.ts';
import { instanceTags, seriesTags, studyTags } from './query-attributes.ts';
import { type MatchKey, matches } from './query-match.ts';

/** One stored instance as the index keeps it. */
export type InstanceRow = {
  /** Name of the sealed file: a keyed hash of the SOP Instance UID. */
  readonly file: string;
  /** SHA-256 of the stored bytes, hex. */
  readonly digest: string;
  readonly size: number;
  readonly transferSyntax: string;
  readonly study: DicomJson;
  readonly series: DicomJson;
  readonly instance: DicomJson;
};

export type Level = 'study' | 'series' | 'instance';
export type Search = {
  readonly level: Level;
  readonly study: string | null;
  readonly series: string | null;
  readonly keys: readonly MatchKey[];
  readonly limit: number;
  readonly offset: number;
};

type SeriesGroup = { readonly attributes: DicomJson; readonly rows: InstanceRow[] };
/** One study UID of two patients is two groups: which patient a row belongs to must never be blurred. */
type StudyGroup = { readonly attributes: DicomJson; readonly series: Map<string, SeriesGroup>; instances: number };

export type InstanceIndex = {
  add(row: InstanceRow): void;
  byInstance(sopInstance: string): InstanceRow | null;
  /** Rows in the order of arrival. */
  rows(study: string, series: string | null, instance: string | null): readonly InstanceRow[];
  search(search: Search): readonly DicomJson[];
  count(): number;
};

function pick(json: DicomJson, tags: { readonly [tag: string]: string }): DicomJson {
  const picked: { [tag: string]: DicomJson[string] } = Object.create(null);
  for (const tag of Object.keys(tags)) {
    const element = json[tag];
    if (element !== undefined) picked[tag] = element;
  }
  return picked;
}

export function rowOf(
  json: DicomJson,
  stored: Pick<InstanceRow, 'file' | 'digest' | 'size' | 'transferSyntax'>,
): InstanceRow {
  return {
    ...stored,
    study: pick(json, studyTags),
    series: pick(json, seriesTags),
    instance: pick(json, instanceTags),
  };
}

export function createInstanceIndex(): InstanceIndex {
  const instances = new Map<string, InstanceRow>();
  const groups = new Map<string, StudyGroup>();
  const byStudy = new Map<string, StudyGroup[]>();

  function studyAttributes(group: StudyGroup): DicomJson {
    const modalities = new Set<string>();
    const first = group.series.values().next().value;
    for (const series of group.series.values()) {
      const modality = firstText(series.attributes, '00080060');
      if (modality !== null) modalities.add(modality);
    }
    const carried: { [tag: string]: DicomJson[string] } = Object.create(null);
    // A study has no body part or side of its own; that of its first series is what a list can show.
    for (const tag of ['00180015', '00200060']) {
      const element = first?.attributes[tag];
      if (element !== undefined) carried[tag] = element;
    }
    return Object.assign(Object.create(null), group.attributes, carried, {
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080061': { vr: 'CS', Value: [...modalities] },
      '00201206': { vr: 'IS', Value: [group.series.size] },
      '00201208': { vr: 'IS', Value: [group.instances] },
    }) as DicomJson;
  }
  function seriesAttributes(group: StudyGroup, series: SeriesGroup): DicomJson {
    return Object.assign(studyAttributes(group), series.attributes, {
      '00201209': { vr: 'IS', Value: [series.rows.length] },
    }) as DicomJson;
  }
  function* candidates(search: Search): Generator<DicomJson> {
    const within = search.study === null ? groups.values() : (byStudy.get(search.study) ?? []);
    for (const group of within) {
      if (search.level === 'study') {
        yield studyAttributes(group);
        continue;
      }
      for (const [uid, series] of group.series) {
        if (search.series !== null && uid !== search.series) continue;
        const attributes = seriesAttributes(group, series);
        if (search.level === 'series') yield attributes;
        else {
          for (const row of series.rows) {
            yield Object.assign(Object.create(null), attributes, row.instance, {
              '00083002': { vr: 'UI', Value: [row.transferSyntax] },
            }) as DicomJson;
          }
        }
      }
    }
  }
  return {
    add: (row) => {
      const sopInstance = firstText(row.instance, '00080018') ?? '';
      const study = firstText(row.study, '0020000D') ?? '';
      const seriesUid = firstText(row.series, '0020000E') ?? '';
      if (instances.has(sopInstance)) return;
      instances.set(sopInstance, row);
      const key = JSON.stringify([study, firstText(row.study, '00100020'), firstText(row.study, '00100021')]);
      let group = groups.get(key);
      if (group === undefined) {
        group = { attributes: row.study, series: new Map(), instances: 0 };
        groups.set(key, group);
        byStudy.set(study, [...(byStudy.get(study) ?? []), group]);
      }
      let series = group.series.get(seriesUid);
      if (series === undefined) {
        series = { attributes: row.series, rows: [] };
        group.series.set(seriesUid, series);
      }
      series.rows.push(row);
      group.instances += 1;
    },
    byInstance: (sopInstance) => instances.get(sopInstance) ?? null,
    rows: (study, series, instance) => {
      const found: InstanceRow[] = [];
      for (const group of byStudy.get(study) ?? []) {
        for (const [uid, one] of group.series) {
          if (series !== null && uid !== series) continue;
          for (const row of one.rows) {
            if (instance === null || firstText(row.instance, '00080018') === instance) found.push(row);
          }
        }
      }
      return found;
    },
    search: (search) => {
      const found: DicomJson[] = [];
      let skipped = 0;
      for (const attributes of candidates(search)) {
        if (!matches(attributes, search.keys)) continue;
        if (skipped < search.offset) {
          skipped += 1;
          continue;
        }
        found.push(attributes);
        if (found.length >= search.limit) break;
      }
      return found;
    },
    count: () => instances.size,
  };
}
