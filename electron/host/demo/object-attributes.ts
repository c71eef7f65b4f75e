import type { Instant } from '../../../shared/lib/instant.ts';
import type { Attributes } from './part10-writer.ts';
import { demoWarning } from './picture.ts';
import type { RadiographView } from './radiograph-parts.ts';
import { uidFrom } from './random.ts';
import { sliceGeometry, white12 } from './render-series.ts';
import type { DemoInstance, DemoSeries, DemoStudy, Recipe } from './types.ts';
import { fanOf, isLinear } from './ultrasound.ts';

/** Date, time and offset as a place's wall clock shows an instant. */
export function localTime(
  at: Instant,
  zone: string,
): { readonly date: string; readonly time: string; readonly offset: string } {
  const parts = new Map(
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    })
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const offset = get('timeZoneName').replace('GMT', '').replace(':', '');
  return {
    date: `${get('year')}${get('month')}${get('day')}`,
    time: `${get('hour')}${get('minute')}${get('second')}`,
    offset: offset === '' ? '+0000' : offset,
  };
}

const code = (value: string, scheme: string, meaning: string): Attributes => ({
  '00080100': ['SH', value],
  '00080102': ['SH', scheme],
  '00080104': ['LO', meaning],
});

/** Anatomic regions (PS3.16 CID 4, SNOMED CT) of the body parts used. */
const regions: { readonly [bodyPart: string]: Attributes } = {
  CHEST: code('43799004', 'SCT', 'Thoracic cavity structure'),
  HAND: code('85562004', 'SCT', 'Hand'),
  KNEE: code('72696002', 'SCT', 'Knee'),
  ANKLE: code('70258002', 'SCT', 'Ankle joint'),
  SHOULDER: code('16982005', 'SCT', 'Shoulder'),
  PELVIS: code('12921003', 'SCT', 'Pelvis'),
  FOOT: code('56459004', 'SCT', 'Foot'),
  BREAST: code('76752008', 'SCT', 'Breast'),
};

function age(birthDate: string | null, studyDate: string): string | null {
  if (birthDate === null || birthDate.length !== 8) return null;
  const years =
    Number(studyDate.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (studyDate.slice(4) < birthDate.slice(4) ? 1 : 0);
  return `${String(years).padStart(3, '0')}Y`;
}

/** Attributes of one demo object without its pixels. The dataset is in UTF-8 (ISO_IR 192). */
export function objectAttributes(study: DemoStudy, series: DemoSeries, instance: DemoInstance): Attributes {
  const { date, time, offset } = localTime(study.performedAt, study.site.zone);
  const { recipe } = series;
  const years = age(study.patient.birthDate, date);
  return {
    '00080005': ['CS', 'ISO_IR 192'],
    '00080012': ['DA', date],
    '00080013': ['TM', time],
    '00080016': ['UI', instance.sopClassUid],
    '00080018': ['UI', instance.instanceUid],
    '00080020': ['DA', date],
    '00080021': ['DA', date],
    '00080022': ['DA', date],
    '00080023': ['DA', date],
    '00080030': ['TM', time],
    '00080031': ['TM', time],
    '00080032': ['TM', time],
    '00080033': ['TM', time],
    '00080050': ['SH', study.accession],
    '00080060': ['CS', series.modality],
    '00080070': ['LO', 'Overread demo generator'],
    '00080080': ['LO', study.site.name],
    '00080090': ['PN', referrerName(study.referrer)],
    '00080201': ['SH', offset],
    '00081030': ['LO', study.description],
    '00081032': ['SQ', [code(study.procedure.code, '99OVRDEMO', study.procedure.display)]],
    '0008103E': ['LO', series.description],
    '00081090': ['LO', 'Phantom 1'],
    '00100010': ['PN', study.patient.name],
    '00100020': ['LO', study.patient.id],
    '00100021': ['LO', study.patient.issuer],
    '00100030': ['DA', study.patient.birthDate],
    '00100040': ['CS', study.patient.sex],
    ...(study.birthName === undefined ? {} : { '00101005': ['PN', study.birthName] as const }),
    ...(years === null ? {} : { '00101010': ['AS', years] as const }),
    '00180015': ['CS', study.bodyPart],
    '00181000': ['LO', `DEMO-${study.site.id}`],
    '00181020': ['LO', '1'],
    '0020000D': ['UI', study.studyUid],
    '0020000E': ['UI', series.seriesUid],
    '00200010': ['SH', String(study.number)],
    '00200011': ['IS', series.number],
    '00200013': ['IS', instance.number],
    '00204000': ['LT', demoWarning],
    '00280010': ['US', series.height],
    '00280011': ['US', series.width],
    '00280301': ['CS', 'NO'],
    ...requestAttributes(study),
    ...(recipe.kind === 'ultrasound' ? colourPixels(study) : grayPixels(recipe)),
    ...ofRecipe(study, series, instance),
  };
}

/** "Dr Y. Brackenridge" as a person name: Brackenridge^Y.^^Dr */
function referrerName(words: string): string {
  const [title, first, last] = words.split(' ');
  return `${last ?? ''}^${first ?? ''}^^${title ?? ''}`;
}

function requestAttributes(study: DemoStudy): Attributes {
  if (study.accession === null) return {};
  const item: Attributes = {
    '00321060': ['LO', study.procedure.display],
    '00400007': ['LO', study.procedure.display],
    '00400009': ['SH', `SPS${study.number}`],
    '00401001': ['SH', `RP${study.number}`],
  };
  return { '00400275': ['SQ', [item]] };
}

function grayPixels(recipe: Recipe): Attributes {
  return {
    '00280002': ['US', 1],
    '00280004': ['CS', recipe.kind === 'radiograph' && recipe.monochrome1 ? 'MONOCHROME1' : 'MONOCHROME2'],
    '00280100': ['US', 16],
    '00280101': ['US', 12],
    '00280102': ['US', 11],
    '00280103': ['US', 0],
  };
}

function colourPixels(study: DemoStudy): Attributes {
  const lossy = study.transferSyntax === 'jpeg-baseline';
  return {
    '00280002': ['US', 3],
    '00280004': ['CS', lossy ? 'YBR_FULL_422' : 'RGB'],
    '00280006': ['US', 0],
    '00280014': ['US', 1],
    '00280100': ['US', 8],
    '00280101': ['US', 8],
    '00280102': ['US', 7],
    '00280103': ['US', 0],
    '00282110': ['CS', lossy ? '01' : '00'],
  };
}

const window = (centre: number, width: number, words: string): Attributes => ({
  '00281050': ['DS', centre],
  '00281051': ['DS', width],
  '00281055': ['LO', words],
});

function ofRecipe(study: DemoStudy, series: DemoSeries, instance: DemoInstance): Attributes {
  const { recipe } = series;
  switch (recipe.kind) {
    case 'ct': {
      const view =
        recipe.kernel === 'lung'
          ? window(-600, 1500, 'LUNG')
          : recipe.kernel === 'bone'
            ? window(500, 2000, 'BONE')
            : recipe.body.region === 'head'
              ? window(40, 80, 'BRAIN')
              : window(40, 400, 'SOFT TISSUE');
      return {
        ...slicePlace(study, series, instance),
        ...view,
        '00080008': ['CS', ['ORIGINAL', 'PRIMARY', 'AXIAL']],
        '00180050': ['DS', recipe.step],
        '00180060': ['DS', 120],
        '00181151': ['IS', 220],
        '00181210': ['SH', recipe.kernel.toUpperCase()],
        '00185100': ['CS', 'HFS'],
        '00281052': ['DS', -1024],
        '00281053': ['DS', 1],
        '00281054': ['LO', 'HU'],
        ...(recipe.contrast ? ({ '00180010': ['LO', 'Iodinated contrast'] } as const) : {}),
      };
    }
    case 'mr': {
      const times = {
        t1: [520, 11],
        t2: [4200, 98],
        'pd-fat-sat': [3100, 32],
        flair: [9000, 110],
        dwi: [5200, 84],
        stir: [4600, 58],
      } as const;
      const [repetition, echo] = times[recipe.weighting];
      const inversion = recipe.weighting === 'flair' ? 2500 : recipe.weighting === 'stir' ? 160 : null;
      return {
        ...slicePlace(study, series, instance),
        ...window(recipe.weighting === 'dwi' ? 300 : 480, recipe.weighting === 'dwi' ? 600 : 960, 'ALGO1'),
        '00080008': ['CS', ['ORIGINAL', 'PRIMARY', 'OTHER']],
        '00180020': ['CS', recipe.weighting === 'dwi' ? 'EP' : inversion === null ? 'SE' : 'IR'],
        '00180021': ['CS', 'NONE'],
        '00180022': ['CS', recipe.weighting === 'pd-fat-sat' ? 'FS' : null],
        '00180023': ['CS', '2D'],
        '00180050': ['DS', recipe.step],
        '00180080': ['DS', repetition],
        '00180081': ['DS', echo],
        ...(inversion === null ? {} : ({ '00180082': ['DS', inversion] } as const)),
        '00180087': ['DS', 1.5],
        '00180091': ['IS', recipe.weighting === 't1' ? 1 : 12],
        '00185100': ['CS', recipe.body.region === 'knee' ? 'FFS' : 'HFS'],
        ...(series.modality === 'MR' && study.laterality !== null && study.laterality !== 'B'
          ? ({ '00200060': ['CS', study.laterality] } as const)
          : {}),
      };
    }
    case 'radiograph': {
      const view = recipe.views[instance.number - 1] ?? 'chest-pa';
      const centre = view.startsWith('chest') ? 1050 : 1150;
      const position = view.endsWith('lateral')
        ? 'LL'
        : view.endsWith('pa')
          ? 'PA'
          : view.endsWith('oblique')
            ? 'RLO'
            : 'AP';
      const shared: Attributes = {
        ...window(recipe.monochrome1 ? white12 - centre : centre, view.startsWith('chest') ? 1900 : 2100, 'NORMAL'),
        '00180060': ['DS', view.startsWith('chest') ? 117 : 62],
        '00181164': ['DS', [series.spacing, series.spacing]],
        '00280030': ['DS', [series.spacing, series.spacing]],
        '00185101': ['CS', position],
        '00200020': ['CS', radiographDirections(view, recipe.mirroredHeader)],
      };
      if (series.modality === 'CR') {
        return {
          ...shared,
          '00080008': ['CS', ['DERIVED', 'PRIMARY']],
          '00181004': ['LO', `PLATE${study.number}`],
        };
      }
      return {
        ...shared,
        '00181508': ['CS', 'COLUMN'],
        ...digitalXRay(
          study,
          recipe.monochrome1,
          study.laterality === 'L' || study.laterality === 'R' ? study.laterality : 'U',
        ),
      };
    }
    case 'breast': {
      const side = instance.side ?? 'L';
      const forward = side === 'L' ? 'A' : 'P';
      const modifier = code('399161006', 'SCT', 'medio-lateral oblique');
      return {
        ...(recipe.film === true ? digitisedFilm(side) : digitalXRay(study, false, side)),
        ...window(1500, 2900, 'NORMAL'),
        '00180060': ['DS', 28],
        '00181164': ['DS', [series.spacing, series.spacing]],
        '00280030': ['DS', [series.spacing, series.spacing]],
        '00181508': ['CS', 'MAMMOGRAPHIC'],
        '00185101': ['CS', recipe.view],
        '00200020': ['CS', [forward, recipe.view === 'CC' ? (side === 'L' ? 'R' : 'L') : 'F']],
        '00281300': ['CS', 'NO'],
        '00400318': ['CS', 'BREAST'],
        '00540220': [
          'SQ',
          [
            {
              ...(recipe.view === 'CC'
                ? code('399162004', 'SCT', 'cranio-caudal')
                : { ...modifier, '00080100': ['SH', '399368009'] as const }),
              ...(recipe.film === true ? {} : ({ '00540222': ['SQ', []] } as const)),
            },
          ],
        ],
      };
    }
    case 'ultrasound': {
      const fan = fanOf(series.width, series.height, isLinear(recipe.subject));
      const region: Attributes = {
        '00186012': ['US', 1],
        '00186014': ['US', 1],
        '00186016': ['UL', 2],
        '00186018': ['UL', 0],
        '0018601A': ['UL', Math.round(fan.apexY + fan.near)],
        '0018601C': ['UL', series.width - 1],
        '0018601E': ['UL', series.height - 1],
        '00186024': ['US', 3],
        '00186026': ['US', 3],
        '0018602C': ['FD', series.spacing / 10],
        '0018602E': ['FD', series.spacing / 10],
      };
      return {
        '00080008': ['CS', ['ORIGINAL', 'PRIMARY', study.bodyPart === 'ABDOMEN' ? 'ABDOMINAL' : 'SMALL PART', '0001']],
        '00186011': ['SQ', [region]],
        '00200020': ['CS', null],
        ...(instance.frames > 1
          ? ({
              '00080008': [
                'CS',
                ['ORIGINAL', 'PRIMARY', study.bodyPart === 'ABDOMEN' ? 'ABDOMINAL' : 'SMALL PART', '0001'],
              ],
              '00181063': ['DS', 50],
              '00280008': ['IS', instance.frames],
              '00280009': ['AT', '00181063'],
            } as const)
          : {}),
      };
    }
  }
}

function slicePlace(study: DemoStudy, series: DemoSeries, instance: DemoInstance): Attributes {
  const place = sliceGeometry(series, instance.number - 1);
  return {
    '00200012': ['IS', 1],
    '00200032': ['DS', place.origin.map((value) => Math.round(value * 1e4) / 1e4)],
    '00200037': ['DS', [...place.row, ...place.column]],
    '00200052': ['UI', uidFrom(`${study.studyUid}|frame of reference`)],
    '00201040': ['LO', null],
    '00280030': ['DS', [series.spacing, series.spacing]],
  };
}

/** Patient Orientation (PS3.3 C.7.6.1.1.1): where rows and columns of a view go, as the pictures are drawn. */
function radiographDirections(view: RadiographView, isMirrored: boolean): readonly [string, string] {
  // Laterals are drawn with the front at the left; a hand lies on its palm with the fingers up; a foot is seen from above.
  if (view.endsWith('lateral')) return ['P', 'F'];
  if (view.startsWith('hand')) return ['L', 'H'];
  if (view.startsWith('foot')) return ['R', 'P'];
  return [isMirrored ? 'R' : 'L', 'F'];
}

/** Film that was scanned: it says so by its Conversion Type (PS3.3 C.8.6.1), and was never made for presentation. */
function digitisedFilm(side: 'L' | 'R'): Attributes {
  return {
    '00080008': ['CS', ['DERIVED', 'SECONDARY']],
    '00080064': ['CS', 'DF'],
    '00200062': ['CS', side],
    '00282110': ['CS', '00'],
  };
}

/** What DX and MG For Presentation share (PS3.3 C.8.11). */
function digitalXRay(study: DemoStudy, monochrome1: boolean, side: 'L' | 'R' | 'U'): Attributes {
  const region = regions[study.bodyPart];
  return {
    '00080008': ['CS', ['DERIVED', 'PRIMARY', '']],
    '00080068': ['CS', 'FOR PRESENTATION'],
    '00082218': ['SQ', region === undefined ? [] : [region]],
    '00187004': ['CS', 'DIRECT'],
    '00200062': ['CS', side],
    '00281040': ['CS', 'LOG'],
    '00281041': ['SS', monochrome1 ? 1 : -1],
    '00281052': ['DS', 0],
    '00281053': ['DS', 1],
    '00281054': ['LO', 'US'],
    '00282110': ['CS', '00'],
    '00400555': ['SQ', []],
    '20500020': ['CS', monochrome1 ? 'INVERSE' : 'IDENTITY'],
  };
}
