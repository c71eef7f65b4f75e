export { type ArchiveClientOptions, createArchiveClient } from './archive-client.ts';
export { createEmbeddedArchive, type EmbeddedArchive, embeddedArchiveUrl } from './embedded/embedded-archive.ts';
export { encapsulatedDocument } from './encapsulated-document.ts';
export { type FrameCache, openFrameCache } from './frame-cache.ts';
export type { ArchiveClient, ArchiveFailure, DicomJson, InstanceSummary } from './types.ts';
export type { ArchiveLimits } from './upstream.ts';
