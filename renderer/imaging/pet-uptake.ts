import { uptakeFactor } from '../../shared/domain/measurement/index.ts';
import type { Result } from '../../shared/lib/result.ts';
import { type DataSet, items, number, text, values } from './dicom-json.ts';

/** DA and TM, or DT, on the scanner's own clock: only differences are used. */
function moment(date: string, time: string): number | null {
  const day = /^(\d{4})(\d{2})(\d{2})/.exec(date);
  const clock = /^(\d{2})(\d{2})(\d{2})?(\.\d+)?/.exec(time);
  if (day === null || clock === null) return null;
  const [, year, month, on] = day.map(Number);
  const seconds = Number(clock[3] ?? 0) + Number(clock[4] ?? 0);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, on ?? 1, Number(clock[1]), Number(clock[2])) + seconds * 1_000;
}

/** Factors of Philips PET, in whatever block its creator reserved (PS3.5 7.8.1); null where the block is another's. */
function philipsFactor(data: DataSet, element: '00' | '09'): number | null {
  for (let block = 0x10; block <= 0xff; block += 1) {
    const hex = block.toString(16).toUpperCase();
    if (text(data, `705300${hex}`) === 'Philips PET Private Group') return number(data, `7053${hex}${element}`);
  }
  return null;
}

/** Factor from the modality values of a PET image to SUVbw, or why there is none; null for other images. */
export function petUptake(data: DataSet, modality: string): Result<number, string> | null {
  if (modality !== 'PT') return null;
  const [drug = {}] = items(data, '00540016');
  const seriesDate = text(data, '00080021');
  const started = text(drug, '00181078');
  return uptakeFactor({
    units: text(data, '00541001'),
    corrections: values(data, '00280051').map(String),
    decayCorrection: text(data, '00541102'),
    weight: number(data, '00101030'),
    dose: number(drug, '00181074'),
    halfLife: number(drug, '00181075'),
    injectedAt:
      started === '' ? moment(seriesDate, text(drug, '00181072')) : moment(started.slice(0, 8), started.slice(8)),
    seriesAt: moment(seriesDate, text(data, '00080031')),
    acquiredAt: moment(text(data, '00080022'), text(data, '00080032')),
    type: text(data, '00541006'),
    countsToUptake: philipsFactor(data, '00'),
    countsToActivity: philipsFactor(data, '09'),
  });
}
