export { downtimeHtml } from './downtime-html.ts';
