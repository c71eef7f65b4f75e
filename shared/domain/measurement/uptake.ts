import { err, ok, type Result } from '../../lib/result.ts';

/** What a PET image says of its activity; times in milliseconds since 1970 on the scanner's own clock, null where absent. */
export type UptakeFacts = {
  /** Units (0054,1001). */
  readonly units: string;
  /** Corrected Image (0028,0051). */
  readonly corrections: readonly string[];
  /** Decay Correction (0054,1102). */
  readonly decayCorrection: string;
  /** Patient's Weight (0010,1030), kg. */
  readonly weight: number | null;
  /** Radionuclide Total Dose (0018,1074), Bq. */
  readonly dose: number | null;
  /** Radionuclide Half Life (0018,1075), seconds. */
  readonly halfLife: number | null;
  /** Radiopharmaceutical Start DateTime (0018,1078), or Start Time (0018,1072) on the day of the series. */
  readonly injectedAt: number | null;
  readonly seriesAt: number | null;
  readonly acquiredAt: number | null;
  /** SUV Type (0054,1006): of values that come as SUV, by what they are normalised; empty where it is unsaid. */
  readonly type: string;
  /** Philips: from counts to SUVbw (7053,xx00), and from counts to Bq/ml (7053,xx09); null where absent or not theirs. */
  readonly countsToUptake: number | null;
  readonly countsToActivity: number | null;
};

/**
 * Factor from the image's values to SUVbw in g/ml (PS3.3 C.8.9.1.1.3; QIBA FDG-PET profile 4.3), or why there is none: every input is
 * checked, because a plausible SUV from a wrong one would be believed.
 */
export function uptakeFactor(facts: UptakeFacts): Result<number, string> {
  const { units, corrections, decayCorrection, weight, dose, halfLife, injectedAt, seriesAt, acquiredAt } = facts;
  // Body weight is meant where nothing else is said (PS3.3 C.8.9.1).
  if (units === 'GML')
    return facts.type === '' || facts.type === 'BW' ? ok(1) : err(`its SUV is by ${facts.type}, not by body weight`);
  if (units === 'CNTS') {
    // QIBA FDG-PET profile, vendor-neutral SUV: the vendor's own factor first, else its factor to activity and the way of all others.
    if (facts.countsToUptake !== null && facts.countsToUptake > 0) return ok(facts.countsToUptake);
    if (facts.countsToActivity === null || facts.countsToActivity <= 0)
      return err('its values are counts without a factor');
    const { countsToActivity } = facts;
    const factor = uptakeFactor({ ...facts, units: 'BQML' });
    return factor.ok ? ok(factor.value * countsToActivity) : factor;
  }
  if (units !== 'BQML') return err(`its values are in ${units === '' ? 'no named unit' : units}`);
  if (!corrections.includes('ATTN')) return err('it is not corrected for attenuation');
  if (!corrections.includes('DECY')) return err('it is not corrected for decay');
  if (weight === null || weight < 0.3 || weight > 400) return err('it gives no weight that can be');
  // 1 MBq to 5 GBq: kBq and MBq in this field are the known error.
  if (dose === null || dose < 1e6 || dose > 5e9) return err('it gives no dose that can be');
  if (decayCorrection === 'ADMIN') return ok((weight * 1_000) / dose);
  if (decayCorrection !== 'START') return err('it does not say to when decay was corrected');
  if (halfLife === null || halfLife <= 0) return err('it gives no half-life');
  if (injectedAt === null || seriesAt === null) return err('it gives no time of injection or of the series');
  // Where series time is later than the acquisition it was changed after, and is not the time that decay was corrected to.
  if (acquiredAt !== null && seriesAt > acquiredAt + 1_000) return err('its series time is after its acquisition');
  const waited = (seriesAt - injectedAt) / 1_000;
  if (waited < 0 || waited > 12 * 3_600) return err('its times of injection and scan do not fit');
  return ok((weight * 1_000) / (dose * 2 ** (-waited / halfLife)));
}
