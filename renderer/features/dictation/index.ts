export { createDictationDevices, type DictationDevices, loadDeviceLibrary } from './dictation-devices.ts';
export { DictationStrip } from './dictation-strip.tsx';
