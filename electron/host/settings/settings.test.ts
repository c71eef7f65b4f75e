import { describe, expect, it } from 'vitest';
import { readSettings } from './index.ts';

type From = {
  argv?: readonly string[];
  env?: { readonly [name: string]: string | undefined };
  file?: unknown;
  platform?: NodeJS.Platform;
};

function read({ argv = [], env = {}, file, platform = 'linux' }: From) {
  const asked: string[] = [];
  const result = readSettings({
    argv,
    env: { HOME: '/home/mt', ...env },
    platform,
    readFile: (path) => {
      asked.push(path);
      return file === undefined ? null : typeof file === 'string' ? file : JSON.stringify(file);
    },
  });
  return { result, asked };
}
function settings(from: From) {
  const { result } = read(from);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
function refusal(from: From) {
  const { result } = read(from);
  return result.ok ? { code: 'accepted', message: '' } : result.error;
}

describe('the settings', () => {
  it('are those of the demo day when nobody says anything', () => {
    expect(settings({})).toEqual({
      dataDirectory: '/home/mt/.local/share/overread',
      port: 4870,
      demo: true,
      open: true,
      keyFile: false,
      archive: { kind: 'embedded' },
      record: { kind: 'embedded' },
      hl7: [],
      hl7Listen: [],
      imagesAhead: { megabytes: 4_096, graceMinutes: 120 },
      idleLockMinutes: 15,
      idleEndMinutes: 120,
      codeEscalationMinutes: 2,
      studyDays: 36_500,
    });
  });

  it('come from the command line before the environment before the file', () => {
    const file = { port: 1, idleLockMinutes: 1, studyDays: 1 };
    const env = { OVERREAD_PORT: '2', OVERREAD_IDLE_LOCK_MINUTES: '2' };
    expect(settings({ argv: ['--port', '3'], env, file })).toMatchObject({
      port: 3,
      idleLockMinutes: 2,
      studyDays: 1,
    });
    expect(settings({ env: { OVERREAD_EMPTY: '1', OVERREAD_NO_OPEN: '0' }, file: { noOpen: true } })).toMatchObject({
      demo: false,
      open: true,
    });
  });

  it('read as the README writes them', () => {
    const argv =
      '--browser --port 4870 --data /srv/overread --archive http://127.0.0.1:8042/dicom-web/ --record https://fhir.example/r4 --empty --no-open --key-file';
    const read = settings({ argv: argv.split(' ') });
    expect(read).toMatchObject({
      shell: 'browser',
      port: 4870,
      dataDirectory: '/srv/overread',
      archive: { kind: 'remote', url: 'http://127.0.0.1:8042/dicom-web', credentials: { kind: 'none' } },
      record: { kind: 'remote', url: 'https://fhir.example/r4' },
      demo: false,
      open: false,
      keyFile: true,
    });
  });

  it('never put invented patients into a real server', () => {
    expect(settings({ argv: ['--archive', 'https://pacs.example/rs'] }).demo).toBe(false);
    expect(settings({ env: { OVERREAD_RECORD: 'https://fhir.example' } }).demo).toBe(false);
  });

  it.each([
    ['linux', { XDG_DATA_HOME: '/data/mt' }, '/data/mt/overread'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/mt/.local/share/overread'],
    ['darwin', {}, '/home/mt/Library/Application Support/Overread'],
    ['win32', { LOCALAPPDATA: 'C:\\Users\\mt\\AppData\\Local' }, 'C:\\Users\\mt\\AppData\\Local\\Overread'],
  ] as const)('keep data where %s keeps it', (platform, env, folder) => {
    expect(settings({ platform, env }).dataDirectory).toBe(folder);
  });

  it('are read from settings.json under the data folder that was named', () => {
    expect(read({ env: { OVERREAD_DATA: '/srv/a' } }).asked).toEqual(['/srv/a/settings.json']);
    expect(read({ argv: ['--data=/srv/b'], env: { OVERREAD_DATA: '/srv/a' } }).asked).toEqual(['/srv/b/settings.json']);
  });

  it('take Basic and Bearer credentials', () => {
    const env = {
      OVERREAD_ARCHIVE: 'https://pacs.example/rs',
      OVERREAD_ARCHIVE_USER: 'overread',
      OVERREAD_ARCHIVE_PASSWORD: 'se:cret',
      OVERREAD_RECORD: 'https://fhir.example/r4',
      OVERREAD_RECORD_BEARER: 'abc.DEF-1==',
    };
    expect(settings({ env })).toMatchObject({
      archive: { credentials: { kind: 'basic', user: 'overread', password: 'se:cret' } },
      record: { credentials: { kind: 'bearer', token: 'abc.DEF-1==' } },
    });
  });

  it('never send the credentials of one server to another that a stronger source names', () => {
    const file = { archive: 'https://pacs.example/rs', archiveUser: 'u', archivePassword: 'p' };
    expect(settings({ file })).toMatchObject({ archive: { credentials: { kind: 'basic' } } });
    expect(settings({ file, argv: ['--archive', 'https://other.example/rs'] })).toMatchObject({
      archive: { url: 'https://other.example/rs', credentials: { kind: 'none' } },
    });
    expect(settings({ file, argv: ['--archive-password', 'newer'] })).toMatchObject({
      archive: { credentials: { kind: 'basic', user: 'u', password: 'newer' } },
    });
  });

  it('take HL7 endpoints from the file, and from the environment instead', () => {
    const endpoint = (siteId: string) => ({
      siteId,
      host: '127.0.0.1',
      port: 2575,
      receivingApplication: 'RIS',
      receivingFacility: 'NORTH',
    });
    expect(settings({ file: { hl7: [endpoint('a')] } }).hl7).toEqual([endpoint('a')]);
    const env = { OVERREAD_HL7: JSON.stringify([endpoint('b')]) };
    expect(settings({ file: { hl7: [endpoint('a')] }, env }).hl7).toEqual([endpoint('b')]);
    expect(refusal({ file: { hl7: [endpoint('a'), endpoint('a')] } })).toMatchObject({
      message: expect.stringMatching(/two endpoints/),
    });
    expect(refusal({ file: { hl7: [{ ...endpoint('a'), receivingFacility: 'N|X' }] } })).toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/0\.receivingFacility/),
    });
    expect(refusal({ env: { OVERREAD_HL7: '{' } })).toMatchObject({
      code: 'bad-value',
      message: expect.stringMatching(/OVERREAD_HL7/),
    });
  });

  it('allow clear text to this computer, and elsewhere only by an explicit word', () => {
    for (const address of ['http://localhost:8042', 'http://127.0.0.1', 'http://[::1]:80']) {
      expect(settings({ argv: ['--archive', address] }).archive.kind).toBe('remote');
    }
    for (const address of ['http://pacs.example', 'http://10.0.0.5:8042', 'http://127.0.0.1.evil.example']) {
      expect(refusal({ argv: ['--archive', address] })).toMatchObject({
        code: 'bad-value',
        message: expect.stringMatching(/clear text/),
      });
      expect(settings({ argv: ['--archive', address, '--allow-insecure'] }).archive.kind).toBe('remote');
      expect(settings({ argv: ['--archive', address], file: { allowInsecure: true } }).archive.kind).toBe('remote');
    }
  });
});

describe('a wrong setting', () => {
  it.each<[string, From, string, RegExp]>([
    ['unknown option', { argv: ['--prot', '1'] }, 'unknown-option', /--prot is not an option.*--port/],
    ['stray word', { argv: ['SECRET'] }, 'unknown-option', /An argument is not an option/],
    ['passphrase in argv', { argv: ['--passphrase=SECRET'] }, 'unknown-option', /OVERREAD_PASSPHRASE/],
    ['no value', { argv: ['--port'] }, 'bad-value', /--port needs a value/],
    ['option for a value', { argv: ['--data', '--empty'] }, 'bad-value', /--data needs a value/],
    ['value for a flag', { argv: ['--empty=no'] }, 'bad-value', /--empty takes no value/],
    ['port', { argv: ['--port', '70000'] }, 'bad-value', /--port must be a whole number from 0 to 65535/],
    ['port', { env: { OVERREAD_PORT: '-1' } }, 'bad-value', /OVERREAD_PORT must/],
    ['port', { file: { port: 1.5 } }, 'bad-value', /"port" in settings.json must/],
    ['flag', { env: { OVERREAD_EMPTY: 'maybe' } }, 'bad-value', /OVERREAD_EMPTY is yes or no/],
    ['both shells', { argv: ['--browser', '--desktop'] }, 'bad-value', /not both/],
    ['no address', { argv: ['--record', 'fhir.example'] }, 'bad-value', /--record is no address/],
    ['scheme', { argv: ['--record', 'ftp://fhir.example'] }, 'bad-value', /https:\/\/ or http/],
    ['script', { argv: ['--record', 'javascript:alert(1)'] }, 'bad-value', /https:\/\/ or http/],
    ['secrets in the address', { argv: ['--record', 'https://u:SECRET@fhir.example'] }, 'bad-value', /--record-user/],
    ['query', { argv: ['--record', 'https://fhir.example/?key=SECRET'] }, 'bad-value', /without "\?"/],
    ['user alone', { argv: ['--record', 'https://f.example', '--record-user', 'u'] }, 'bad-value', /one is missing/],
    ['no server', { env: { OVERREAD_RECORD_BEARER: 'SECRET' } }, 'bad-value', /OVERREAD_RECORD_BEARER is set, but/],
    [
      'header injection',
      { argv: ['--record', 'https://f.example', '--record-bearer', 'SECRET\r\nX: 1'] },
      'bad-value',
      /no bearer token/,
    ],
    ['idle', { argv: ['--idle-lock-minutes', '30', '--idle-end-minutes', '10'] }, 'bad-value', /before it locks/],
    ['file: not JSON', { file: '{ "port": }' }, 'bad-file', /not JSON/],
    ['file: a list', { file: [] }, 'bad-file', /one object/],
    ['file: unknown name', { file: { prot: 1 } }, 'bad-file', /"prot" in settings.json is no setting.*port/],
    ['file: wrong type', { file: { empty: 'yes' } }, 'bad-file', /"empty" in settings.json must be true or false/],
    ['file: prototype', { file: '{"__proto__": {"empty": true}}' }, 'bad-file', /no setting/],
  ])('is refused in a sentence: %s', (_name, from, code, words) => {
    const failure = refusal(from);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(words);
    expect(failure.message).not.toContain('SECRET');
  });

  it('is refused when there is no home and no folder was named', () => {
    expect(refusal({ env: { HOME: undefined } })).toMatchObject({
      code: 'bad-value',
      message: expect.stringMatching(/--data DIR/),
    });
  });

  it('is refused when settings.json cannot be read', () => {
    const result = readSettings({
      argv: ['--data', '/srv'],
      env: {},
      readFile: () => {
        throw new Error('EACCES');
      },
    });
    expect(result.ok ? null : result.error.code).toBe('bad-file');
  });
});

describe('where HL7 v2 messages are taken in', () => {
  it.each<[string[], readonly string[]]>([
    [['--hl7-listen', '127.0.0.1:2575'], ['127.0.0.1:2575']],
    [
      ['--hl7-listen', '127.0.0.1:2575,[::1]:2576'],
      ['127.0.0.1:2575', '::1:2576'],
    ],
  ])('%j listens on %j', (argv, expected) => {
    const read = readSettings({ argv, env: { HOME: '/home/mt' }, readFile: () => null });
    expect(read.ok && read.value.hl7Listen.map((one) => `${one.host}:${one.port}`)).toEqual(expected);
  });

  it('takes from settings.json what a site leaves unsaid', () => {
    const file = JSON.stringify({
      hl7In: [{ listen: '127.0.0.1:2575', siteId: 'larkspur', zone: 'America/Denver', accession: 'OBR-18' }],
    });
    const read = readSettings({
      argv: ['--hl7-listen', '127.0.0.1:2575'],
      env: { HOME: '/home/mt' },
      readFile: () => file,
    });
    expect(read.ok && read.value.hl7Listen).toEqual([
      {
        host: '127.0.0.1',
        port: 2575,
        siteId: 'larkspur',
        zone: 'America/Denver',
        characterSet: null,
        accession: 'OBR-18',
      },
    ]);
  });

  it.each<[string[], RegExp]>([
    [['--hl7-listen', '2575'], /--hl7-listen takes addresses with ports/],
    [['--hl7-listen', '0.0.0.0:2575'], /not encrypted/],
    [['--hl7-listen', '127.0.0.1:2575,127.0.0.1:2575'], /listened on twice/],
  ])('refuses %j', (argv, words) => {
    const read = readSettings({ argv, env: { HOME: '/home/mt' }, readFile: () => null });
    expect(read.ok ? '' : read.error.message).toMatch(words);
  });
});
