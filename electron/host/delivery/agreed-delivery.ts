import { type ChannelValues, channelForms } from '../../../shared/domain/delivery/index.ts';
import {
  type DeliveryRules,
  profileFromJson,
  profileToJson,
  type SiteProfile,
} from '../../../shared/domain/site/index.ts';
import { siteProfileFromFhir, siteProfileId, siteProfileToFhir } from '../../../shared/interop/fhir/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient } from '../record/types.ts';

type Failure = { readonly code: 'stale' | 'bad-value' | 'not-saved'; readonly message: string };

/** As its form shows it: `yes` and `no` for what is true or false. */
export function shownAgreed({ delivery }: Pick<SiteProfile, 'delivery'>): ChannelValues {
  return Object.fromEntries(
    Object.entries(delivery).map(([key, value]) => [
      key,
      typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value),
    ]),
  );
}

/**
 * How a site wants its reports, into its profile in the record: that one part of it, on what the record holds now. `seen` is what the
 * person saw; where the record says something else by now, nothing is changed.
 */
export async function keepAgreed(
  { record, sync }: { readonly record: Pick<RecordClient, 'read' | 'put'>; readonly sync: Pick<RecordSync, 'learn'> },
  siteId: string,
  seen: DeliveryRules,
  values: ChannelValues,
): Promise<Result<void, Failure>> {
  const read = await record.read('Basic', siteProfileId(siteId));
  if (!read.ok) return err({ code: 'not-saved', message: `The record did not answer: ${read.error.message}` });
  const there = siteProfileFromFhir(read.value.resource);
  if (!there.ok) return err({ code: 'not-saved', message: 'The site’s profile in the record cannot be read.' });
  if (canonicalJson(there.value.delivery as JsonValue) !== canonicalJson(seen as JsonValue)) {
    sync.learn(read.value);
    return err({
      code: 'stale',
      message: 'Somebody changed what is agreed with this site. Look at it again; yours was not kept.',
    });
  }
  const typed = channelForms.agreed.fields.map(({ key }) => {
    const value = values[key] ?? '';
    return [key, value === 'yes' ? true : value === 'no' ? false : value];
  });
  const whole = {
    ...(profileToJson(there.value) as object),
    delivery: { ...there.value.delivery, ...Object.fromEntries(typed) },
  };
  const next = profileFromJson(whole);
  if (!next.ok) return err({ code: 'bad-value', message: next.error.faults.join(' ') });
  const put = await record.put(siteProfileToFhir(next.value), { ifMatch: read.value.version });
  if (put.ok) {
    sync.learn(put.value);
    return ok(undefined);
  }
  return err({ code: 'not-saved', message: `The record did not take the change: ${put.error.message}` });
}
