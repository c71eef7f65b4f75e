import { describe, expect, test } from 'vitest';
import type { RecentStudy } from '../../../../shared/api/index.ts';
import {
  emptyDefinition,
  type HangingRule,
  ruleFromScreen,
  type SeriesDescription,
} from '../../../../shared/domain/hanging/index.ts';
import { previewRule, previewSummary } from './preview.ts';

const series = (studyUid: string, modality: string): SeriesDescription => ({
  ...{ studyUid, seriesUid: `${studyUid}.1`, number: 1, modality, description: 'Axial brain', bodyPart: '' },
  ...{ laterality: null, images: 20, plane: 'axial', thickness: 5, kernel: '', contrast: false, cine: false },
  ...{ imageType: [], corrected: [], instances: [] },
});
const study = (studyUid: string, modality: string, bodyPart: string, known = true): RecentStudy => ({
  ...{ taskId: studyUid as RecentStudy['taskId'], exam: `${modality} ${bodyPart}`, accession: 'A1', studyDate: null },
  ...{ siteId: null, studyUid, modalities: [modality], bodyPart, description: '', procedure: [] },
  series: known ? ([series(studyUid, modality)] as RecentStudy['series']) : null,
});
const head = study('1', 'CT', 'HEAD');
const made = ruleFromScreen({
  id: 'mine',
  name: 'Mine',
  study: { ...head, series: [series('1', 'CT')] },
  procedureCode: null,
  screen: {
    rows: 1,
    columns: 1,
    boxes: [
      {
        ...{ prior: 0, series: series('1', 'CT'), instance: null, plane: 'stack', window: null, invert: false },
        ...{ size: 'fit', justification: 'CENTER' },
      },
    ],
  },
});
const knees: HangingRule = {
  level: 'shipped',
  protocol: {
    ...made,
    id: 'knees',
    hangingProtocolName: 'Knees',
    hangingProtocolDefinition: [{ ...emptyDefinition, bodyPart: ['knee'] }],
  },
};

describe('a rule that is tried on the latest studies', () => {
  const tried: HangingRule = { level: 'user', protocol: made };
  const studies = [head, study('2', 'CT', 'KNEE'), study('3', 'CT', 'CHEST'), study('4', 'CT', 'HEAD', false)];

  test('says of each how it would hang: by it, by another, in order, or not known now', () => {
    const rows = previewRule(tried, [knees], studies);
    expect(rows.map((row) => [row.outcome, row.words])).toEqual([
      ['this', '1×1: Axial brain'],
      ['other', 'by Knees'],
      ['none', 'Nothing fits CT of chest; series in order.'],
      ['unknown', 'The archive did not tell its series now.'],
    ]);
    expect(previewSummary(rows)).toBe(
      'Of 4 studies 1 would hang by it, 1 by other rules, 1 in order, 1 not known now.',
    );
    expect(previewSummary([])).toBe('There is no study yet to try it on.');
  });

  test('stands in place of the rule that it will replace', () => {
    const before: HangingRule = {
      level: 'user',
      protocol: { ...made, hangingProtocolDefinition: [{ ...emptyDefinition, procedureWords: ['CT'] }] },
    };
    expect(previewRule(tried, [before], [study('5', 'CT', 'CHEST')])[0]?.outcome).toBe('none');
  });
});
