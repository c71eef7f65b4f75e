declare const brandSymbol: unique symbol;

/** A primitive that cannot be mistaken for another of the same shape: a StudyUid is not an AccessionNumber. */
export type Brand<Base, Name extends string> = Base & { readonly [brandSymbol]: Name };
