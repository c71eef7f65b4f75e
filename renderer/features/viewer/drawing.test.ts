import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type MeasurementKind,
  measurementKinds,
  mostPoints,
  type Point,
  pointsOf,
} from '../../../shared/domain/measurement/index.ts';
import { type Drawing, type DrawingStep, move, press, release, setPoint } from './drawing.ts';

/** Strokes of a hand: each is pressed at its first point, drawn through the rest and let go. */
function draw(kind: MeasurementKind, ...strokes: readonly (readonly Point[])[]): DrawingStep {
  let step: DrawingStep = { state: 'nothing' };
  for (const [first, ...rest] of strokes) {
    if (first === undefined) continue;
    step = press(kind, step.state === 'drawing' ? step.drawing : null, first);
    if (step.state !== 'drawing') return step;
    let now: Drawing = step.drawing;
    for (const point of rest) now = move(now, point);
    step = release(now);
  }
  return step;
}

describe('drawing by hand', () => {
  test('a length is one stroke, a point one press', () => {
    expect(
      draw('length', [
        [1, 1],
        [3, 3],
        [9, 5],
      ]),
    ).toEqual({
      state: 'done',
      kind: 'length',
      points: [
        [1, 1],
        [9, 5],
      ],
    });
    expect(draw('probe', [[4, 4]])).toEqual({ state: 'done', kind: 'probe', points: [[4, 4]] });
  });
  test('a line whose first point was set by key ends where the button comes up', () => {
    const first = setPoint('arrow', null, [0, 0]);
    if (first.state !== 'drawing') throw new Error('nothing was begun');
    const second = press('arrow', first.drawing, [4, 4]);
    if (second.state !== 'drawing') throw new Error('the line was lost');
    expect(release(move(second.drawing, [9, 5]))).toEqual({
      state: 'done',
      kind: 'arrow',
      points: [
        [0, 0],
        [9, 5],
      ],
    });
  });
  test('a click draws no line', () => {
    expect(
      draw('length', [
        [1, 1],
        [1.2, 1.1],
      ]),
    ).toEqual({ state: 'nothing' });
  });
  test('an angle is a leg and then a press', () => {
    const first = draw('angle', [
      [0, 0],
      [10, 0],
    ]);
    expect(first).toMatchObject({ state: 'drawing', drawing: { held: false } });
    expect(
      draw(
        'angle',
        [
          [0, 0],
          [10, 0],
        ],
        [[10, 8]],
      ),
    ).toEqual({
      state: 'done',
      kind: 'angle',
      points: [
        [0, 0],
        [10, 0],
        [10, 8],
      ],
    });
  });
  test('two diameters, two lines and heart over thorax are two strokes; a click between them loses nothing', () => {
    for (const kind of ['bidirectional', 'cobb', 'heart-thorax'] as const) {
      const points: readonly Point[] = [
        [0, 0],
        [10, 0],
        [5, 3],
        [5, 9],
      ];
      expect(
        draw(
          kind,
          [
            [0, 0],
            [10, 0],
          ],
          [[7, 7]],
          [
            [5, 3],
            [5, 9],
          ],
        ),
      ).toEqual({ state: 'done', kind, points });
    }
  });
  test('a drawn outline is closed where the hand lets go', () => {
    expect(
      draw('freehand', [
        [0, 0],
        [5, 0],
        [5, 5],
        [0, 5],
      ]),
    ).toMatchObject({ state: 'done' });
    expect(
      draw('freehand', [
        [0, 0],
        [0.1, 0],
      ]),
    ).toEqual({ state: 'nothing' });
  });
});

const kinds = fc.constantFrom(...measurementKinds);
const point = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }));

test('whatever the hand does, a mark that comes out has the points that its kind takes', () => {
  const act = fc.tuple(fc.constantFrom('press', 'move', 'release', 'key'), kinds, point);
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let now: Drawing | null = null;
      for (const [what, kind, at] of acts) {
        let step: DrawingStep;
        if (what === 'press') step = press(kind, now, at);
        else if (what === 'key') step = setPoint(kind, now, at);
        else if (now === null) continue;
        else step = what === 'move' ? { state: 'drawing', drawing: move(now, at) } : release(now);
        if (step.state === 'done') {
          const wanted = pointsOf[step.kind];
          if (step.kind === 'freehand') expect(step.points.length).toBeGreaterThanOrEqual(wanted);
          else expect(step.points).toHaveLength(wanted);
          expect(step.points.length).toBeLessThanOrEqual(mostPoints);
        }
        now = step.state === 'drawing' ? step.drawing : null;
      }
    }),
  );
});

test('every kind can be drawn by keys alone', () => {
  for (const kind of measurementKinds) {
    let now: Drawing | null = null;
    let step: DrawingStep = { state: 'nothing' };
    const points: Point[] = [
      [10, 10],
      [30, 10],
      [30, 40],
      [10, 40],
      [10, 40],
    ];
    for (const at of points) {
      step = setPoint(kind, now, at);
      if (step.state === 'done') break;
      now = step.state === 'drawing' ? step.drawing : null;
    }
    expect(step.state, kind).toBe('done');
  }
});
