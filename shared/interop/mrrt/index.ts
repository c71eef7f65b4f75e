export type { BadMarkup, MarkupEvent, ReadMarkup } from './markup.ts';
export { type ReadTemplate, readMrrt, type TemplateRefusal } from './read-mrrt.ts';
export { readTextTemplate, readYamlTemplate } from './text-template.ts';
export { writeMrrt } from './write-mrrt.ts';
