export { DisputeFile } from './dispute-file.tsx';
