/**
 * How long planes through a volume take: `npm run bench:planes`. Prints the median and the range of processor milliseconds over
 * rounds, for a
 * CT of 300 slices of 512 x 512 (0.7 mm pixels, 1.25 mm apart).
 */
import { reslice, type VolumeData } from '../../renderer/imaging/volume/reslice.ts';
import {
  directionsOf,
  leaned,
  type PlaneKind,
  planeAt,
  planeStack,
  type Slab,
  thinSlab,
  volumeGrid,
} from '../../shared/domain/volume/index.ts';

const slices = Array.from({ length: 300 }, (_, at) => ({
  rows: 512,
  columns: 512,
  position: [-180, -180, at * 1.25] as const,
  directions: directionsOf('axial'),
  spacing: { row: 0.7, column: 0.7 },
}));
const made = volumeGrid(slices);
if (!made.ok) throw new Error(made.error.words);
const grid = made.value;
const voxels = new Int16Array(512 * 512 * 300);
for (let at = 0; at < voxels.length; at += 1) voxels[at] = ((at * 2_654_435_761) >>> 20) - 1_024;
const volume: VolumeData = { grid, voxels, outside: -32_768, padded: false };
const oblique = leaned(leaned(directionsOf('coronal'), 'column', 35), 'row', 20);
const rounds = Number(process.argv[2] ?? 15);

for (const kind of ['axial', 'coronal', 'sagittal', 'oblique'] as const satisfies readonly PlaneKind[]) {
  for (const slab of [
    thinSlab,
    { mode: 'max', thickness: 20 },
    { mode: 'mean', thickness: 20 },
  ] satisfies readonly Slab[]) {
    const stack = planeStack(grid, kind, kind === 'oblique' ? oblique : directionsOf(kind));
    const times = Array.from({ length: rounds }, (_, round) => {
      const plane = planeAt(stack, Math.floor(stack.count * (0.3 + (0.4 * round) / rounds)));
      const from = process.cpuUsage();
      reslice(volume, plane, slab);
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1_000;
    }).sort((one, other) => one - other);
    const name = slab.thickness === 0 ? 'plane' : `${slab.mode} of ${slab.thickness} mm`;
    const { columns, rows } = stack.first;
    process.stdout.write(
      `${kind.padEnd(9)} ${`${columns}x${rows}`.padEnd(9)} ${name.padEnd(14)} ${(times[Math.floor(rounds / 2)] ?? 0).toFixed(1)} ms (${(times[0] ?? 0).toFixed(1)} to ${(times.at(-1) ?? 0).toFixed(1)})\n`,
    );
  }
}
