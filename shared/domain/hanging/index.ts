export * from './description.ts';
export * from './hang.ts';
export * from './protocol.ts';
export { hasWords, type Item, isLocalizer, itemsOf } from './select.ts';
