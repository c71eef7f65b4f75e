/** The codecs of Cornerstone3D (the very packages that its image loader uses) carry no types of their own. */
type FrameInfo = {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
};
type CodecDecoder = {
  getEncodedBuffer(size: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  delete?(): void;
};
type CodecFactory<Module> = (options: { locateFile(file: string): string }) => Promise<Module>;

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const factory: CodecFactory<{
    JpegLSDecoder: new () => CodecDecoder & { getInterleaveMode(): number };
    getExceptionMessage(exception: number): string;
  }>;
  export default factory;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const factory: CodecFactory<{ J2KDecoder: new () => CodecDecoder }>;
  export default factory;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const factory: CodecFactory<{
    HTJ2KDecoder: new () => CodecDecoder & { decodeSubResolution(level: number): void };
  }>;
  export default factory;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const factory: CodecFactory<{ JPEGDecoder: new () => CodecDecoder }>;
  export default factory;
}
