import {
  directionsOf,
  type PlaneDirections,
  type PlaneKind,
  planeThrough,
  type Slab,
  type Vector,
} from '../../../shared/domain/volume/index.ts';
import type { ComputedVolume } from '../../imaging/index.ts';
import type { CaseStudy, Hung } from './hung.ts';

/** Which plane stands in which viewport of the layout of planes. */
export const planeSlots: readonly PlaneKind[] = ['axial', 'coronal', 'sagittal', 'oblique'];

/** How planes stand: one slab for all, the lean of the oblique one, the point that they were begun or turned at. */
export type PlanesView = {
  readonly slab: Slab;
  readonly oblique: PlaneDirections;
  readonly point: Vector;
};

/** Planes of a volume as they hang. `at` keeps each plane where it stands; without it each goes through the point. */
export function hangPlanes(
  volume: ComputedVolume,
  study: CaseStudy,
  view: PlanesView,
  at: (kind: PlaneKind) => Vector | null = () => null,
): readonly Hung[] {
  return planeSlots.map((kind) => hangPlane(volume, study, view, kind, at(kind)));
}

export function hangPlane(
  volume: ComputedVolume,
  study: CaseStudy,
  view: PlanesView,
  kind: PlaneKind,
  at: Vector | null,
): Hung {
  const directions = kind === 'oblique' ? view.oblique : directionsOf(kind);
  // The oblique plane turns about the point; the others have their planes in the voxels.
  const through = kind === 'oblique' ? { through: view.point } : {};
  const { images, series } = volume.planes({ kind, directions, slab: view.slab, ...through });
  const stack = series.computed?.stack;
  const index = stack === undefined ? 0 : planeThrough(stack, at ?? view.point);
  return { images, study, series, index, plane: kind, display: null };
}
