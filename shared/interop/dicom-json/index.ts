export * from './dicom-json.ts';
export * from './qido.ts';
export * from './series-facts.ts';
export * from './tags.ts';
