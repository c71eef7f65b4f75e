export { type DemoDayOptions, generateDemoDay } from './demo-day.ts';
export { demoInstances } from './demo-instances.ts';
export { type FoundMark, type Orientation, orientations } from './mark.ts';
export type { Bar } from './picture.ts';
export type { Arrival, DemoDay, DemoInstance, DemoSeries, DemoStudy, PriorReport } from './types.ts';
