import { join, resolve, win32 } from 'node:path';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { readGatewayFolders } from './gateway-folders.ts';
import { readGateways } from './gateway-setting.ts';
import { readGroup } from './group-setting.ts';
import { readHl7Listen } from './hl7-listen.ts';
import { readHl7 } from './hl7-setting.ts';
import { readImr } from './imr-setting.ts';
import { readListen } from './listen-setting.ts';
import type { OptionName, Source } from './options.ts';
import { readPhysicianListen } from './physician-setting.ts';
import { fromCommandLine, fromEnvironment, fromFile, refuse } from './sources.ts';
import type { Settings, SettingsFailure } from './types.ts';
import { readUpkeep } from './upkeep-setting.ts';
import { bracketed, isLoopback, readUpstream } from './upstream-setting.ts';

type Environment = { readonly [name: string]: string | undefined };

/** A fixed port: the page's own store belongs to its origin, and another port would be another origin without its drafts. */
const defaultPort = 4870;

/** Where data lies when nobody says: the folder that each system sets aside for it. Null when the environment names no home. */
export function defaultDataDirectory(env: Environment, platform: NodeJS.Platform): string | null {
  const { HOME: home, XDG_DATA_HOME: shared, LOCALAPPDATA: local, USERPROFILE: profile } = env;
  if (platform === 'win32') {
    if (local) return win32.join(local, 'Overread');
    return profile ? win32.join(profile, 'AppData', 'Local', 'Overread') : null;
  }
  if (platform === 'darwin') return home ? join(home, 'Library', 'Application Support', 'Overread') : null;
  // XDG Base Directory Specification: a relative path is invalid and ignored.
  if (shared?.startsWith('/')) return join(shared, 'overread');
  return home ? join(home, '.local', 'share', 'overread') : null;
}

/**
 * All settings, merged: command line, then environment, then settings.json under the data folder, then defaults. `argv` is what comes
 * after the script's name; `readFile` answers null for a file that is not there. Failures are sentences for the terminal.
 */
export function readSettings(from: {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly readFile: (path: string) => string | null;
  readonly platform?: NodeJS.Platform;
}): Result<Settings, SettingsFailure> {
  const line = fromCommandLine(from.argv);
  if (!line.ok) return line;
  const environment = fromEnvironment(from.env);
  if (!environment.ok) return environment;

  const named = line.value.given.data ?? environment.value.given.data;
  const folder =
    typeof named === 'string' ? resolve(named) : defaultDataDirectory(from.env, from.platform ?? process.platform);
  if (folder === null) return refuse('bad-value', 'There is no home folder to put data in. Say where: --data DIR.');
  let text: string | null;
  try {
    text = from.readFile(join(folder, 'settings.json'));
  } catch {
    return refuse('bad-file', 'settings.json in the data folder cannot be read. Check its rights.');
  }
  const file = fromFile(text);
  if (!file.ok) return file;
  const sources: readonly Source[] = [line.value, environment.value, file.value];

  const flag = (option: OptionName): boolean => {
    for (const { given } of sources) if (typeof given[option] === 'boolean') return given[option];
    return false;
  };
  const number = (
    option: OptionName,
    otherwise: number,
    least: number,
    most: number,
  ): Result<number, SettingsFailure> => {
    const source = sources.find((one) => one.given[option] !== undefined);
    if (source === undefined) return ok(otherwise);
    const value = source.given[option];
    const parsed = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    return parsed >= least && parsed <= most
      ? ok(parsed)
      : refuse('bad-value', `${source.nameOf(option)} must be a whole number from ${least} to ${most}.`);
  };
  /** The stronger source wins; within one source the two contradict each other. */
  const shell = (): Result<Settings['shell'], SettingsFailure> => {
    for (const { given, nameOf } of sources) {
      const [browser, desktop] = [given.browser === true, given.desktop === true];
      if (browser && desktop)
        return refuse('bad-value', `Give ${nameOf('browser')} or ${nameOf('desktop')}, not both.`);
      if (browser || desktop) return ok(browser ? 'browser' : 'desktop');
    }
    return ok(undefined);
  };

  const port = number('port', defaultPort, 0, 65_535);
  if (!port.ok) return port;
  const idleLock = number('idle-lock-minutes', 15, 1, 1_440);
  if (!idleLock.ok) return idleLock;
  const idleEnd = number('idle-end-minutes', Math.max(120, idleLock.value), 1, 10_080);
  if (!idleEnd.ok) return idleEnd;
  const codeEscalation = number('code-escalation-minutes', 2, 1, 60);
  if (!codeEscalation.ok) return codeEscalation;
  if (idleEnd.value < idleLock.value) {
    return refuse(
      'bad-value',
      'A session cannot end before it locks: --idle-end-minutes is less than --idle-lock-minutes.',
    );
  }
  // A hundred years: every study, until somebody with a large archive narrows it.
  const studyDays = number('study-days', 36_500, 1, 36_500);
  if (!studyDays.ok) return studyDays;
  const aheadMegabytes = number('images-ahead-mb', 4_096, 0, 1_000_000);
  if (!aheadMegabytes.ok) return aheadMegabytes;
  const afterShift = number('images-after-shift-minutes', 120, 0, 10_080);
  if (!afterShift.ok) return afterShift;
  const allowInsecure = flag('allow-insecure');
  const archive = readUpstream(sources, 'archive', allowInsecure);
  if (!archive.ok) return archive;
  const record = readUpstream(sources, 'record', allowInsecure);
  if (!record.ok) return record;
  const hl7 = readHl7(from.env, file.value.hl7);
  if (!hl7.ok) return hl7;
  const imr = readImr(file.value.imr, allowInsecure);
  if (!imr.ok) return imr;
  const gateways = readGateways(file.value.gateways, allowInsecure);
  if (!gateways.ok) return gateways;
  const gatewayFolders = readGatewayFolders(sources, folder);
  if (!gatewayFolders.ok) return gatewayFolders;
  const listen = readListen(sources, from.readFile, record.value.kind === 'remote');
  if (!listen.ok) return listen;
  const physician = readPhysicianListen(sources, listen.value !== null);
  if (!physician.ok) return physician;
  const group = readGroup(sources, from.readFile);
  if (!group.ok) return group;
  // Everybody knows the passwords of the demo: it is shown on this computer alone.
  const alone = group.value === null && (listen.value === null || isLoopback(bracketed(listen.value.address)));
  const hl7Listen = readHl7Listen(sources, file.value.hl7In, allowInsecure);
  if (!hl7Listen.ok) return hl7Listen;
  const backupHour = number('backup-hour', 3, 0, 23);
  if (!backupHour.ok) return backupHour;
  const upkeep = readUpkeep(sources, folder, backupHour.value);
  if (!upkeep.ok) return upkeep;
  const chosen = shell();
  if (!chosen.ok) return chosen;

  return ok({
    dataDirectory: folder,
    port: port.value,
    ...(chosen.value === undefined ? {} : { shell: chosen.value }),
    ...(listen.value === null ? {} : { listen: listen.value }),
    ...(physician.value === null ? {} : { physicianPage: physician.value }),
    ...(group.value === null ? {} : { group: group.value }),
    demo: !flag('empty') && alone && archive.value.kind === 'embedded' && record.value.kind === 'embedded',
    open: !flag('no-open') && listen.value === null,
    keyFile: flag('key-file'),
    archive: archive.value,
    record: record.value,
    hl7: hl7.value,
    ...(from.env.OVERREAD_HL7 ? { hl7From: 'environment' as const } : {}),
    ...(allowInsecure ? { allowInsecure: true as const } : {}),
    ...(imr.value.length === 0 ? {} : { imr: imr.value }),
    ...(gateways.value.length === 0 ? {} : { gateways: gateways.value }),
    ...(gatewayFolders.value.length === 0 ? {} : { gatewayFolders: gatewayFolders.value }),
    hl7Listen: hl7Listen.value,
    idleLockMinutes: idleLock.value,
    idleEndMinutes: idleEnd.value,
    codeEscalationMinutes: codeEscalation.value,
    ...(upkeep.value.backup === null && upkeep.value.downtimeFolder === null ? {} : { upkeep: upkeep.value }),
    imagesAhead: { megabytes: aheadMegabytes.value, graceMinutes: afterShift.value },
    studyDays: studyDays.value,
  });
}
