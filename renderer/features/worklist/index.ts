export type { FeedStanding, WorklistFeed, WorklistFeedState } from './feed.ts';
export { Worklist, type WorklistProps } from './worklist.tsx';
