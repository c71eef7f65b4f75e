import { SetsByKey } from '../../lib/sets-by-key.ts';
import type { Order } from '../order/index.ts';
import { matchKeys, matchOrder, type Study } from '../study/index.ts';

/** A study, and whatever its owner knows of it beside. */
type Seen = { readonly study: Study };

/**
 * Which order and which study belong together, kept by what changes: only orders and studies that share an accession number or a patient
 * id are ever compared, so a study that comes costs the same whether a hundred or a hundred thousand are open.
 */
export type Pairing<Held extends Seen> = {
  setOrder(id: string, order: Order | null): void;
  setStudy(uid: string, seen: Held | null): void;
  /** The joined study or order of a reading task changed. */
  touch(orderId: string | null, studyUid: string | null): void;
  /** Orders and studies whose pairing may have changed since this was last asked. */
  takeTouched(): { readonly orders: ReadonlySet<string>; readonly studies: ReadonlySet<string> };
  /** The one study that answers this order; null where none or more than one could be meant. */
  studyOf(orderId: string): Held | null;
  /** The one order that this study answers, where that order means no other study. */
  orderOf(studyUid: string): Order | null;
};

/**
 * From an order that changed to its studies, their other orders, and the studies of those: what is ambiguous with it is judged anew with
 * it.
 */
const reach = 3;

/** `joinedStudy` says which study an order's reading task names already: what is joined stays joined. */
export function createPairing<Held extends Seen>(joinedStudy: (orderId: string) => string | null): Pairing<Held> {
  const orders = new Map<string, Order>();
  const studies = new Map<string, Held>();
  const ordersBy = { accession: new SetsByKey(), patientId: new SetsByKey() };
  const studiesBy = { accession: new SetsByKey(), patientId: new SetsByKey() };
  let touchedOrders = new Set<string>();
  let touchedStudies = new Set<string>();

  const near = (
    index: { readonly accession: SetsByKey; readonly patientId: SetsByKey },
    keys: ReturnType<typeof matchKeys>,
  ): ReadonlySet<string> =>
    new Set([
      ...(keys.accession === '' ? [] : index.accession.of(keys.accession)),
      ...(keys.patientId === '' ? [] : index.patientId.of(keys.patientId)),
    ]);
  const ordersNear = (seen: Held): ReadonlySet<string> => near(ordersBy, matchKeys(seen.study));
  const studiesNear = (order: Order): ReadonlySet<string> => near(studiesBy, matchKeys(order));

  const index = (
    sets: { readonly accession: SetsByKey; readonly patientId: SetsByKey },
    keys: ReturnType<typeof matchKeys>,
    id: string,
    how: 'add' | 'remove',
  ): void => {
    if (keys.accession !== '') sets.accession[how](keys.accession, id);
    if (keys.patientId !== '') sets.patientId[how](keys.patientId, id);
  };

  const spread = (): void => {
    let freshOrders: ReadonlySet<string> = new Set(touchedOrders);
    let freshStudies: ReadonlySet<string> = new Set(touchedStudies);
    for (let step = 0; step < reach; step += 1) {
      const nextStudies = new Set<string>();
      const nextOrders = new Set<string>();
      for (const id of freshOrders) {
        const order = orders.get(id);
        if (order === undefined) continue;
        for (const uid of studiesNear(order)) if (!touchedStudies.has(uid)) nextStudies.add(uid);
      }
      for (const uid of freshStudies) {
        const seen = studies.get(uid);
        if (seen === undefined) continue;
        for (const id of ordersNear(seen)) if (!touchedOrders.has(id)) nextOrders.add(id);
      }
      if (nextStudies.size === 0 && nextOrders.size === 0) return;
      for (const id of nextOrders) touchedOrders.add(id);
      for (const uid of nextStudies) touchedStudies.add(uid);
      freshOrders = nextOrders;
      freshStudies = nextStudies;
    }
  };

  const isOpen = (order: Order): boolean => order.status !== 'revoked' && order.status !== 'entered-in-error';

  /** Many may share an id that means nobody ("UNKNOWN"): each study is matched once in a round, not once for each of its orders. */
  let matches = new Map<string, Order | null>();
  const matched = (seen: Held): Order | null => {
    const uid = seen.study.studyUid;
    const known = matches.get(uid);
    if (known !== undefined) return known;
    const found = match(seen);
    matches.set(uid, found);
    return found;
  };
  const match = (seen: Held): Order | null => {
    const free = [...ordersNear(seen)].flatMap((id) => {
      const order = orders.get(id);
      if (order === undefined || !isOpen(order)) return [];
      const joined = joinedStudy(id);
      return joined === null || joined === seen.study.studyUid ? [order] : [];
    });
    const found = matchOrder(seen.study, free);
    return found !== null && 'order' in found ? found.order : null;
  };

  const studyOf = (orderId: string): Held | null => {
    const order = orders.get(orderId);
    if (order === undefined || !isOpen(order)) return null;
    const joined = joinedStudy(orderId);
    const [only, ...more] = [...studiesNear(order)].flatMap((uid) => {
      const seen = studies.get(uid);
      if (seen === undefined || (joined !== null && joined !== uid)) return [];
      return matched(seen)?.id === order.id ? [seen] : [];
    });
    // Two studies that one order could mean: a person must say which; words on the wrong images are the worst error.
    return only === undefined || more.length > 0 ? null : only;
  };

  return {
    setOrder: (id, order) => {
      const before = orders.get(id);
      matches = new Map();
      if (before !== undefined) {
        for (const uid of studiesNear(before)) touchedStudies.add(uid);
        index(ordersBy, matchKeys(before), id, 'remove');
      }
      if (order === null) orders.delete(id);
      else {
        orders.set(id, order);
        index(ordersBy, matchKeys(order), id, 'add');
      }
      touchedOrders.add(id);
    },
    setStudy: (uid, seen) => {
      const before = studies.get(uid);
      matches = new Map();
      if (before !== undefined) {
        for (const id of ordersNear(before)) touchedOrders.add(id);
        index(studiesBy, matchKeys(before.study), uid, 'remove');
      }
      if (seen === null) studies.delete(uid);
      else {
        studies.set(uid, seen);
        index(studiesBy, matchKeys(seen.study), uid, 'add');
      }
      touchedStudies.add(uid);
    },
    touch: (orderId, studyUid) => {
      if (orderId !== null) touchedOrders.add(orderId);
      if (studyUid !== null) touchedStudies.add(studyUid);
    },
    takeTouched: () => {
      spread();
      matches = new Map();
      const taken = { orders: touchedOrders, studies: touchedStudies };
      touchedOrders = new Set();
      touchedStudies = new Set();
      return taken;
    },
    studyOf,
    orderOf: (studyUid) => {
      const seen = studies.get(studyUid);
      const order = seen === undefined ? null : matched(seen);
      return order !== null && studyOf(order.id)?.study.studyUid === studyUid ? order : null;
    },
  };
}
