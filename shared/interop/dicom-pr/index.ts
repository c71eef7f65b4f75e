export * from './marked-image.ts';
export * from './marks-to-presentation.ts';
