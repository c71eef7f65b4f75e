export { FitToBill } from './fit-to-bill.tsx';
