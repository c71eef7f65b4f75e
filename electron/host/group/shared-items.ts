import type { Basic } from '@medplum/fhirtypes';
import { sealedItemFromFhir, sealedItemSearch, sealedItemToFhir } from '../../../shared/interop/fhir/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Sealer } from '../keys/types.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient, Versioned } from '../record/types.ts';

export type SharedItem = {
  readonly id: string;
  readonly kind: string;
  readonly body: unknown;
  /** What `If-Match` wants. */
  readonly version: string;
};

type Failure = 'unreachable' | 'conflict' | 'not-ours';

/**
 * What the hosts of a group hold in common, in the record (DESIGN 2.6): sealed with the group's key, so that who can write the record
 * can neither read it nor make one of these up. Items are never deleted.
 */
export type SharedItems = {
  /** A name to be found by, and an id, that tell nothing of what they are made from. */
  nameOf(about: string): string;
  read(id: string): Promise<Result<SharedItem | null, Failure>>;
  /** Without `ifMatch` the item is new. */
  put(
    item: { readonly id: string; readonly kind: string; readonly names: readonly string[]; readonly body: unknown },
    ifMatch: string | null,
  ): Promise<Result<string, Failure>>;
  ofKind(kind: string): Promise<Result<readonly SharedItem[], Failure>>;
  ofName(name: string): Promise<Result<readonly SharedItem[], Failure>>;
  /** Whether this host's key is the group's: false once something that the group sealed does not open; null while nobody knows. */
  keyFits(): Promise<boolean | null>;
};

const keyItem = 'overread-group-key';

export function createSharedItems(record: RecordClient, sealer: Sealer, ports: Ports): SharedItems {
  const about = (id: string, kind: string): string => `group-item|${kind}|${id}`;
  const open = (found: Versioned<Basic>): Result<SharedItem, Failure> => {
    const item = sealedItemFromFhir(found.resource);
    if (!item.ok) return err('not-ours');
    const { id, kind, sealed } = item.value;
    const opened = sealer.openText(new Uint8Array(Buffer.from(sealed, 'base64')), about(id, kind));
    return opened.ok ? ok({ id, kind, body: JSON.parse(opened.value), version: found.version }) : err('not-ours');
  };
  const search = async (
    parameters: Readonly<Record<string, string>>,
  ): Promise<Result<readonly SharedItem[], Failure>> => {
    const found = await record.search('Basic', parameters);
    if (!found.ok) return err('unreachable');
    const items = found.value.map(open);
    const foreign = items.filter((one) => !one.ok).length;
    if (foreign > 0)
      ports.log.error('what the group shares in the record does not open with the key of this host', {
        count: foreign,
      });
    return ok(items.flatMap((one) => (one.ok ? [one.value] : [])));
  };
  const read: SharedItems['read'] = async (id) => {
    const found = await record.read('Basic', id);
    if (!found.ok) return found.error.code === 'not-found' ? ok(null) : err('unreachable');
    return open(found.value);
  };
  const put: SharedItems['put'] = async ({ id, kind, names, body }, ifMatch) => {
    const sealed = Buffer.from(sealer.sealText(JSON.stringify(body), about(id, kind))).toString('base64');
    const written = await record.put(
      sealedItemToFhir({ id, kind, names, sealed }),
      ifMatch === null ? {} : { ifMatch },
    );
    if (written.ok) return ok(written.value.version);
    return err(written.error.code === 'version-conflict' ? 'conflict' : 'unreachable');
  };
  let fits: boolean | null = null;
  return {
    nameOf: (text) => sealer.index(text).slice(0, 40),
    read,
    put,
    ofKind: (kind) => search(sealedItemSearch.ofKind(kind)),
    ofName: (name) => search(sealedItemSearch.ofName(name)),
    keyFits: async () => {
      if (fits !== null) return fits;
      const there = await read(keyItem);
      if (!there.ok) {
        if (there.error === 'not-ours') fits = false;
        return fits;
      }
      if (there.value !== null) fits = true;
      // Read back in the next round: of two hosts that begin at once the later one decides for both.
      else await put({ id: keyItem, kind: 'group-key', names: ['group-key'], body: { group: 'overread' } }, null);
      return fits;
    },
  };
}
