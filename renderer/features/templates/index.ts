export { TemplateWriting } from './editor/template-writing.tsx';
export { TemplateDesk, type TemplateDeskProps } from './template-desk.tsx';
