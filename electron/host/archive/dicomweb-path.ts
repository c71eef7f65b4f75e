import { isUid } from '../../../shared/domain/study/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

/** A GET that the page may ask of an archive, taken apart; nothing of the asked text survives except checked UIDs, numbers and tags. */
export type DicomwebPath = {
  /** Rebuilt from the checked parts, beginning at `/studies`; never the text that was asked. */
  readonly path: string;
  readonly kind: 'search' | 'metadata' | 'series' | 'study' | 'instance' | 'frames' | 'bulk' | 'rendered';
  readonly study: string | null;
  readonly series: string | null;
  readonly instance: string | null;
  readonly frames: readonly number[];
};

/**
 * Bulk data that a viewer needs (PS3.6): pixel data in its three forms, palettes, ICC profile, waveform, encapsulated document, overlays,
 * audio; no other element of an archive's choosing can be asked for.
 */
const bulkTag = /^(7FE000(08|09|10)|0028120[123]|0028122[123]|00282000|54001010|00420011|60[0-9A-F]{2}3000)$/i;

/** Strict parse of a DICOMweb GET path (PS3.18 8.2, 10.4, 10.6), query included. Anything else is `bad-path`. */
export function parseDicomwebPath(asked: string): Result<DicomwebPath, 'bad-path'> {
  if (asked.length > 4096 || asked.includes('#')) return err('bad-path');
  const mark = asked.indexOf('?');
  const path = mark < 0 ? asked : asked.slice(0, mark);
  const query = mark < 0 ? null : cleanQuery(asked.slice(mark + 1));
  if (query !== null && !query.ok) return query;
  const search = query === null || query.value === '' ? '' : `?${query.value}`;
  if (!/^\/[A-Za-z0-9./,]+$/.test(path)) return err('bad-path');
  const segments = path.slice(1).split('/');
  if (segments[0] !== 'studies') return err('bad-path');
  const none = { study: null, series: null, instance: null, frames: [] };
  if (segments.length === 1) return ok({ ...none, path: `/studies${search}`, kind: 'search' });

  const study = segments[1];
  if (study === undefined || !isUid(study)) return err('bad-path');
  let built = `/studies/${encodeURIComponent(study)}`;
  const level = { ...none, study };
  const rest = segments.slice(2);
  if (rest.length === 0) return search === '' ? ok({ ...level, path: built, kind: 'study' }) : err('bad-path');
  if (rest.length === 1) {
    if (rest[0] === 'series' || rest[0] === 'instances') {
      return ok({ ...level, path: `${built}/${rest[0]}${search}`, kind: 'search' });
    }
    return rest[0] === 'metadata'
      ? ok({ ...level, path: `${built}/metadata${search}`, kind: 'metadata' })
      : err('bad-path');
  }
  const series = rest[1];
  if (rest[0] !== 'series' || series === undefined || !isUid(series)) return err('bad-path');
  built += `/series/${encodeURIComponent(series)}`;
  const inSeries = { ...level, series };
  if (rest.length === 2) return search === '' ? ok({ ...inSeries, path: built, kind: 'series' }) : err('bad-path');
  if (rest.length === 3) {
    if (rest[2] === 'instances') return ok({ ...inSeries, path: `${built}/instances${search}`, kind: 'search' });
    if (rest[2] === 'metadata') return ok({ ...inSeries, path: `${built}/metadata${search}`, kind: 'metadata' });
    return err('bad-path');
  }
  const instance = rest[3];
  if (rest[2] !== 'instances' || instance === undefined || !isUid(instance)) return err('bad-path');
  built += `/instances/${encodeURIComponent(instance)}`;
  const inInstance = { ...inSeries, instance };
  const last = rest.slice(4);
  const [first, second] = last;
  if (last.length === 0) return search === '' ? ok({ ...inInstance, path: built, kind: 'instance' }) : err('bad-path');
  if (last.length === 1 && first === 'metadata')
    return ok({ ...inInstance, path: `${built}/metadata${search}`, kind: 'metadata' });
  if (last.length === 1 && first === 'rendered')
    return ok({ ...inInstance, path: `${built}/rendered${search}`, kind: 'rendered' });
  if (first === 'frames' && second !== undefined) return framesPath(inInstance, built, second, last.slice(2), search);
  if ((first === 'bulk' || first === 'bulkdata') && search === '')
    return bulkPath(inInstance, built, first, last.slice(1));
  return err('bad-path');
}

type InInstance = Pick<DicomwebPath, 'study' | 'series' | 'instance'>;

function framesPath(
  level: InInstance,
  built: string,
  list: string,
  after: readonly string[],
  search: string,
): Result<DicomwebPath, 'bad-path'> {
  // At most 4096 frames in one request; frame numbers count from 1 (PS3.18 10.4.1.1.5).
  if (!/^[1-9]\d{0,6}(,[1-9]\d{0,6}){0,4095}$/.test(list)) return err('bad-path');
  const frames = list.split(',').map(Number);
  const path = `${built}/frames/${frames.join(',')}`;
  if (after.length === 0) return search === '' ? ok({ ...level, frames, path, kind: 'frames' }) : err('bad-path');
  if (after.length === 1 && after[0] === 'rendered')
    return ok({ ...level, frames, path: `${path}/rendered${search}`, kind: 'rendered' });
  return err('bad-path');
}

/** `TAG`, or `TAG/item/TAG` inside sequences, as archives write it in BulkDataURI. */
function bulkPath(
  level: InInstance,
  built: string,
  word: string,
  steps: readonly string[],
): Result<DicomwebPath, 'bad-path'> {
  if (steps.length === 0 || steps.length > 9 || steps.length % 2 === 0) return err('bad-path');
  for (const [at, step] of steps.entries()) {
    const last = at === steps.length - 1;
    const fits = at % 2 === 1 ? /^\d{1,6}$/.test(step) : last ? bulkTag.test(step) : /^[0-9A-Fa-f]{8}$/.test(step);
    if (!fits) return err('bad-path');
  }
  return ok({ ...level, frames: [], path: `${built}/${word}/${steps.join('/').toUpperCase()}`, kind: 'bulk' });
}

/** Search keys are keywords or tags (PS3.18 8.3.4); values are data and are written anew. */
function cleanQuery(text: string): Result<string, 'bad-path'> {
  const cleaned = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!/^([A-Za-z]{1,64}|[0-9A-Fa-f]{8})(\.([A-Za-z]{1,64}|[0-9A-Fa-f]{8})){0,4}$/.test(name)) return err('bad-path');
    if (hasControl(value)) return err('bad-path');
    cleaned.append(name, value);
  }
  return ok(cleaned.toString().replaceAll('+', '%20'));
}

export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
