export { OrderPanel } from './order-panel.tsx';
export { OrderStrip } from './order-strip.tsx';
