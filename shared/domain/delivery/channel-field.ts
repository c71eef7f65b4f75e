/** Every value of a form as it is typed or chosen. */
export type ChannelValues = { readonly [key: string]: string };

/** What is taken, and what is said of anything else. */
export type Written = { readonly form: RegExp; readonly otherwise: string };

export type Takes =
  /** `key`: a secret of several lines. */
  | (Written & { readonly kind: 'text' | 'secret' | 'key' })
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly usual?: number }
  /** The first one holds where nobody chose. */
  | { readonly kind: 'choice'; readonly choices: readonly { readonly value: string; readonly words: string }[] };

export type ChannelField = {
  readonly key: string;
  readonly label: string;
  readonly hint?: string;
  /** What is typed does not fit beside another field. */
  readonly isLong?: true;
  readonly takes: Takes;
  /** Asked only where another field has this value. */
  readonly when?: { readonly key: string; readonly is: string };
};

export type ChannelForm = {
  readonly title: string;
  /** `host`: in the settings of this host, or of its group. `record`: in the site's profile, the same for every host of a group. */
  readonly held: 'host' | 'record';
  readonly fields: readonly ChannelField[];
  /** Of a gateway: the list of the only numbers or addresses that are ever used; null where the channel has one receiver. */
  readonly recipients: (Written & { readonly label: string }) | null;
};

export const text = (form: RegExp, otherwise: string): Takes => ({ kind: 'text', form, otherwise });
export const choice = (...choices: readonly (readonly [value: string, words: string])[]): Takes => ({
  kind: 'choice',
  choices: choices.map(([value, words]) => ({ value, words })),
});
