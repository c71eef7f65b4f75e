/** Bytes of one object that is opened as a whole. */
export const mostObjectBytes = 268_435_456;
