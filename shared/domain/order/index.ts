export * from './appropriateness.ts';
export { type ContrastUse, type ExamWords, readExamWords } from './exam-words.ts';
export * from './fit-to-read.ts';
export * from './image-facts.ts';
export { modalityGroup } from './modality-groups.ts';
export * from './order.ts';
export * from './order-check.ts';
export * from './priority-rank.ts';
export * from './validate-order.ts';
