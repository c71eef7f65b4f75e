import type { Plane } from './picture.ts';
import { develop, film } from './radiograph.ts';
import { ankleFrontal, ankleLateral, foot, hand, kneeFrontal, kneeLateral } from './radiograph-limbs.ts';
import { chestFrontal, chestLateral, hipFrog, pelvis, shoulder, shoulderScapular } from './radiograph-trunk.ts';
import type { Random } from './random.ts';

/** Views that the demo day takes. */
export type RadiographView =
  | 'chest-pa'
  | 'chest-lateral'
  | 'chest-ap'
  | 'hand-pa'
  | 'hand-oblique'
  | 'knee-ap'
  | 'knee-lateral'
  | 'ankle-ap'
  | 'ankle-mortise'
  | 'ankle-lateral'
  | 'shoulder-ap'
  | 'shoulder-y'
  | 'pelvis-ap'
  | 'hip-frog'
  | 'foot-ap';
export type RadiographFinding =
  | 'none'
  | 'fracture'
  | 'pneumonia'
  | 'effusion'
  | 'nodule'
  | 'lines'
  | 'arthrosis'
  | 'implant';
export type RadiographOptions = {
  readonly width: number;
  readonly height: number;
  /** mm between pixels. */
  readonly spacing: number;
  readonly side: 'L' | 'R' | null;
  readonly finding: RadiographFinding;
};

/** A radiograph as the detector gives it: 12 bits, dense parts bright. */
export function radiograph(view: RadiographView, options: RadiographOptions, random: Random): Plane {
  const made = film(options.width, options.height, options.spacing);
  // Limbs are drawn as left ones seen from the front, the outer side to the right of the film; right ones are their
  // mirror image. Hand and foot are seen from behind and above, toes and fingers up: there it is the other way round.
  const s = options.side === 'R' ? -1 : 1;
  if (view === 'chest-pa' || view === 'chest-ap') chestFrontal(made, options.finding, random, view === 'chest-ap');
  else if (view === 'chest-lateral') chestLateral(made, random);
  else if (view.startsWith('hand')) hand(made, -s, options.finding, view === 'hand-oblique');
  else if (view === 'knee-ap') kneeFrontal(made, s, options.finding);
  else if (view === 'knee-lateral') kneeLateral(made, options.finding);
  else if (view === 'ankle-lateral') ankleLateral(made);
  else if (view.startsWith('ankle')) ankleFrontal(made, s, options.finding, view === 'ankle-mortise');
  else if (view === 'shoulder-y') shoulderScapular(made, s);
  else if (view === 'shoulder-ap') shoulder(made, s, options.finding);
  else if (view === 'foot-ap') foot(made, -s, options.finding);
  else if (view === 'hip-frog') hipFrog(made, -1);
  else pelvis(made, options.finding);
  develop(made, random, 1, view.startsWith('chest') ? 0.9 : 0.7);
  return made.plane;
}
