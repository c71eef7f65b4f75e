export * from './derive-id.ts';
export * from './measurement-link.ts';
export * from './report.ts';
export * from './report-moves.ts';
export * from './report-text.ts';
export * from './rival-final.ts';
export * from './together.ts';
export * from './together-release.ts';
