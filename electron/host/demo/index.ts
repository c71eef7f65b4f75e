export { type DemoDayOptions, generateDemoDay } from './demo-day.ts';
export { demoInstances } from './demo-instances.ts';
export { createDemoSource, type DemoSource } from './demo-source.ts';
export { type FoundMark, type Mark, type MarkSide, markFor, type Orientation, orientations, readMark } from './mark.ts';
export type { Bar } from './picture.ts';
export type { Arrival, DemoDay, DemoInstance, DemoSeries, DemoStudy, PriorReport } from './types.ts';
