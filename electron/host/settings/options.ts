/** Every option once: its name on the command line, in the environment and in settings.json, and what it takes. */
export const options = [
  { option: 'data', variable: 'OVERREAD_DATA', takes: 'text' },
  { option: 'port', variable: 'OVERREAD_PORT', takes: 'number', key: 'port' },
  { option: 'browser', variable: 'OVERREAD_BROWSER', takes: 'nothing', key: 'browser' },
  { option: 'desktop', variable: 'OVERREAD_DESKTOP', takes: 'nothing', key: 'desktop' },
  { option: 'empty', variable: 'OVERREAD_EMPTY', takes: 'nothing', key: 'empty' },
  { option: 'no-open', variable: 'OVERREAD_NO_OPEN', takes: 'nothing', key: 'noOpen' },
  { option: 'key-file', variable: 'OVERREAD_KEY_FILE', takes: 'nothing', key: 'keyFile' },
  { option: 'allow-insecure', variable: 'OVERREAD_ALLOW_INSECURE', takes: 'nothing', key: 'allowInsecure' },
  { option: 'archive', variable: 'OVERREAD_ARCHIVE', takes: 'text', key: 'archive' },
  { option: 'archive-user', variable: 'OVERREAD_ARCHIVE_USER', takes: 'text', key: 'archiveUser' },
  { option: 'archive-password', variable: 'OVERREAD_ARCHIVE_PASSWORD', takes: 'text', key: 'archivePassword' },
  { option: 'archive-bearer', variable: 'OVERREAD_ARCHIVE_BEARER', takes: 'text', key: 'archiveBearer' },
  { option: 'record', variable: 'OVERREAD_RECORD', takes: 'text', key: 'record' },
  { option: 'record-user', variable: 'OVERREAD_RECORD_USER', takes: 'text', key: 'recordUser' },
  { option: 'record-password', variable: 'OVERREAD_RECORD_PASSWORD', takes: 'text', key: 'recordPassword' },
  { option: 'record-bearer', variable: 'OVERREAD_RECORD_BEARER', takes: 'text', key: 'recordBearer' },
  { option: 'hl7-listen', variable: 'OVERREAD_HL7_LISTEN', takes: 'text', key: 'hl7Listen' },
  { option: 'idle-lock-minutes', variable: 'OVERREAD_IDLE_LOCK_MINUTES', takes: 'number', key: 'idleLockMinutes' },
  { option: 'idle-end-minutes', variable: 'OVERREAD_IDLE_END_MINUTES', takes: 'number', key: 'idleEndMinutes' },
  {
    option: 'code-escalation-minutes',
    variable: 'OVERREAD_CODE_ESCALATION_MINUTES',
    takes: 'number',
    key: 'codeEscalationMinutes',
  },
  { option: 'images-ahead-mb', variable: 'OVERREAD_IMAGES_AHEAD_MB', takes: 'number', key: 'imagesAheadMb' },
  {
    option: 'images-after-shift-minutes',
    variable: 'OVERREAD_IMAGES_AFTER_SHIFT_MINUTES',
    takes: 'number',
    key: 'imagesAfterShiftMinutes',
  },
  { option: 'listen', variable: 'OVERREAD_LISTEN', takes: 'text', key: 'listen' },
  { option: 'tls', variable: 'OVERREAD_TLS', takes: 'text', key: 'tls' },
  { option: 'origin', variable: 'OVERREAD_ORIGIN', takes: 'text', key: 'origin' },
  { option: 'group-key', variable: 'OVERREAD_GROUP_KEY', takes: 'text', key: 'groupKey' },
  { option: 'physician-listen', variable: 'OVERREAD_PHYSICIAN_LISTEN', takes: 'text', key: 'physicianListen' },
  { option: 'physician-tls', variable: 'OVERREAD_PHYSICIAN_TLS', takes: 'text', key: 'physicianTls' },
  { option: 'physician-origin', variable: 'OVERREAD_PHYSICIAN_ORIGIN', takes: 'text', key: 'physicianOrigin' },
  { option: 'group', variable: 'OVERREAD_GROUP', takes: 'text', key: 'group' },
  { option: 'group-ca', variable: 'OVERREAD_GROUP_CA', takes: 'text', key: 'groupCa' },
  { option: 'backup-target', variable: 'OVERREAD_BACKUP_TARGET', takes: 'text', key: 'backupTarget' },
  { option: 'backup-hour', variable: 'OVERREAD_BACKUP_HOUR', takes: 'number', key: 'backupHour' },
  { option: 'downtime-folder', variable: 'OVERREAD_DOWNTIME_FOLDER', takes: 'text', key: 'downtimeFolder' },
  { option: 'gateway-folders', variable: 'OVERREAD_GATEWAY_FOLDERS', takes: 'text', key: 'gatewayFolders' },
  { option: 'study-days', variable: 'OVERREAD_STUDY_DAYS', takes: 'number', key: 'studyDays' },
] as const;

export type OptionName = (typeof options)[number]['option'];
export type Option = (typeof options)[number];
/** What one source says. Texts as they came; checked when all sources are in. */
export type Given = { readonly [Name in OptionName]?: string | boolean };

/** What is said, and by whom, so that a complaint can name it as the user wrote it: `--port`, `OVERREAD_PORT`, `"port" in settings.json`. */
export type Source = { readonly given: Given; nameOf(option: OptionName): string };
