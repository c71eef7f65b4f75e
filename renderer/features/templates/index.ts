export { TemplateDesk, type TemplateDeskProps } from './template-desk.tsx';
