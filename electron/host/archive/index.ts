export { type ArchiveClientOptions, createArchiveClient } from './archive-client.ts';
export { createEmbeddedArchive, type EmbeddedArchive, embeddedArchiveUrl } from './embedded/embedded-archive.ts';
export { type FrameCache, openFrameCache } from './frame-cache.ts';
export { BrokenAnswer } from './pass-through.ts';
export type { ArchiveClient, ArchiveFailure, DicomJson, InstanceSummary } from './types.ts';
export { type ArchiveLimits, defaultLimits, parseBaseUrl } from './upstream.ts';
