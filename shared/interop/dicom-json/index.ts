export * from './breast-image.ts';
export * from './dicom-json.ts';
export * from './first-look.ts';
export * from './hanging-description.ts';
export * from './qido.ts';
export * from './series-facts.ts';
export * from './tags.ts';
