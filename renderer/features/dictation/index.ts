export { DictationStrip } from './dictation-strip.tsx';
