/** Patient coordinates in millimetres, growing to the left, to the back and to the head (PS3.3 C.7.6.2.1.1). */
export type Vector = readonly [x: number, y: number, z: number];

export function dot(one: Vector, other: Vector): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

export function cross(one: Vector, other: Vector): Vector {
  return [
    one[1] * other[2] - one[2] * other[1],
    one[2] * other[0] - one[0] * other[2],
    one[0] * other[1] - one[1] * other[0],
  ];
}

/** `from` and then each vector so many times. */
export function along(from: Vector, ...steps: readonly (readonly [times: number, step: Vector])[]): Vector {
  let [x, y, z] = from;
  for (const [times, step] of steps) {
    x += times * step[0];
    y += times * step[1];
    z += times * step[2];
  }
  return [x, y, z];
}

export function between(from: Vector, to: Vector): Vector {
  return [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
}

export function lengthOf(vector: Vector): number {
  return Math.hypot(vector[0], vector[1], vector[2]);
}

/** Of length 1; a vector without a length stays as it is. */
export function unit(vector: Vector): Vector {
  const length = lengthOf(vector);
  return length === 0 ? vector : [vector[0] / length, vector[1] / length, vector[2] / length];
}

/** Turned about an axis of length 1 by so many degrees, right-handed. */
export function turned(vector: Vector, axis: Vector, degrees: number): Vector {
  const angle = (degrees * Math.PI) / 180;
  const cosine = Math.cos(angle);
  return along(
    [0, 0, 0],
    [cosine, vector],
    [Math.sin(angle), cross(axis, vector)],
    [dot(axis, vector) * (1 - cosine), axis],
  );
}
