/** What we use of dcmjs, which brings no types of its own: the data dictionary of PS3.6 and, in tests, its reader. */
declare module 'dcmjs' {
  const dcmjs: {
    readonly data: {
      readonly DicomMessage: { readFile(bytes: ArrayBufferLike): unknown };
      readonly DicomMetaDictionary: {
        readonly dictionary: { readonly [tag: string]: { readonly vr?: string } | undefined };
      };
    };
  };
  export default dcmjs;
}
