export * from './device.ts';
export * from './device-window.ts';
export * from './offline-clock.ts';
