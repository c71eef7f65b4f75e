import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Accounts, openAccounts } from '../electron/host/identity/index.ts';
import { readCredentials } from '../shared/api/index.ts';
import { type Entitlement, expiryReminders, type Role, utcDay } from '../shared/domain/reader/index.ts';
import { dataFolder, openFolder, runScript, ScriptEnd, scriptPorts } from './data-folder.ts';
import { askHidden, linesOf } from './terminal.ts';

const usage = `npm run accounts -- add NAME --role radiologist|lead|qa|site [--site ID] [--states CA,NV|all] [--npi N] [--full-name "Dr …"] [--data DIR] [--key-file]
npm run accounts -- credentials NAME FILE.json [--data DIR]
npm run accounts -- list [--data DIR]
npm run accounts -- token NAME --scope intake [--site ID] [--data DIR]
npm run accounts -- tokens [--data DIR]
npm run accounts -- token-end NAME [--data DIR]

The password is read from standard input, or asked for on a terminal. A data folder that is locked with a passphrase takes it from
OVERREAD_PASSPHRASE or asks for it.`;

const roles: readonly Role[] = ['radiologist', 'lead', 'qa', 'site'];

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        role: { type: 'string' },
        states: { type: 'string' },
        npi: { type: 'string' },
        'full-name': { type: 'string' },
        'key-file': { type: 'boolean' },
        scope: { type: 'string' },
        site: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (reason) {
    throw new ScriptEnd(`${reason instanceof Error ? reason.message : 'The arguments are wrong.'}\n\n${usage}`);
  }
}

async function askPassword(userName: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const line = await linesOf(process.stdin)();
    if (line === null || line === '') throw new ScriptEnd('No password came on standard input, so nothing was done.');
    return line;
  }
  const typed = await askHidden(`Password for ${userName} (at least 8 characters): `);
  if (typed === null || typed === '') throw new ScriptEnd('No password, so nothing was done.');
  if ((await askHidden('The same password again: ')) !== typed) {
    throw new ScriptEnd('The two passwords differ, so nothing was done.');
  }
  return typed;
}

function statesOf(text: string): readonly string[] | 'all' {
  return text.toLowerCase() === 'all' ? 'all' : text.split(',').map((one) => one.trim());
}

async function readCredentialsFile(file: string): Promise<Entitlement> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new ScriptEnd(`The file ${file} cannot be read, so nothing was changed.`);
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (reason) {
    throw new ScriptEnd(
      `${file} is not JSON (${reason instanceof Error ? reason.message : 'unknown'}). Nothing was changed.`,
    );
  }
  const read = readCredentials(raw);
  if (read.ok) return read.value;
  const bad = read.error.map((one) => `  ${one.field} ${one.words}`).join('\n');
  throw new ScriptEnd(`${file} was not taken; nothing was changed:\n${bad}`);
}

/** What was set, one line for each kind, and what is not kept and so not checked. */
function credentialLines(userName: string, entitlement: Entitlement): readonly string[] {
  if (entitlement === 'unrestricted')
    return [`${userName} is unrestricted: Overread keeps this person from no study for want of a credential.`];
  const { licences, privileges, modalities, mammography, malpractice, subspecialties, shifts } = entitlement;
  const counted = (list: readonly unknown[] | null, words: string): string =>
    list === null ? `${words}: not kept, so not checked` : `${words}: ${list.length}`;
  return [
    `${userName} is held to these credentials:`,
    `  licences: ${licences.map((one) => (one.expires === null ? one.state : `${one.state} until ${one.expires}`)).join(', ') || 'none'}`,
    `  ${counted(privileges, 'privileges at sites')}`,
    `  ${counted(modalities, 'qualified modalities')}`,
    `  mammography (MQSA): ${mammography === null ? 'no' : 'yes'}`,
    `  ${counted(malpractice, 'malpractice cover')}`,
    `  subspecialties: ${subspecialties.join(', ') || 'none named'}; shifts: ${shifts.length}`,
    ...expiryReminders(entitlement, utcDay(scriptPorts().now())).map((one) =>
      one.due === 'ended'
        ? `  ${one.what} ended ${one.expires}.`
        : `  ${one.what} ends ${one.expires}, in ${one.daysLeft} days.`,
    ),
  ];
}

/** Tokens let a site's interface write into the record without being a person. */
async function tokenCommand(
  accounts: Accounts,
  command: 'token' | 'tokens' | 'token-end',
  name: string,
  values: { readonly scope?: string; readonly site?: string },
): Promise<number> {
  if (command === 'tokens') {
    const tokens = await accounts.tokens();
    for (const one of tokens) console.log([one.name, one.scope, one.site ?? 'any site'].join('\t'));
    if (tokens.length === 0) console.log('There are no tokens.');
    return 0;
  }
  if (command === 'token-end') {
    if (!(await accounts.removeToken(name))) throw new ScriptEnd(`There is no token "${name}".`);
    console.log(`The token ${name} is ended; whoever holds it is refused from now on.`);
    return 0;
  }
  if (values.scope !== 'intake') throw new ScriptEnd('Say the scope: --scope intake.');
  if (!/^[A-Za-z0-9 ._-]{1,60}$/.test(name))
    throw new ScriptEnd('A token’s name has letters, digits, space, dot, dash or underscore, 60 at most.');
  const site = values.site ?? null;
  if (site !== null && !/^[A-Za-z0-9\-.]{1,64}$/.test(site))
    throw new ScriptEnd('A site is named by the id of its Organization: letters, digits, dash and dot, 64 at most.');
  const added = await accounts.addToken({ name, scope: 'intake', site });
  if (!added.ok) throw new ScriptEnd(added.error.message);
  console.log(
    `The token ${name} (${site === null ? 'any site' : `site ${site}`}) is made. It is shown once and kept as a hash:`,
  );
  console.log(added.value);
  return 0;
}

await runScript(async () => {
  const { values, positionals } = readArguments();
  const [command, name, ...rest] = positionals;
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const directory = dataFolder(values.data);
  if (command === 'list' && name === undefined) {
    const accounts = await openAccounts({
      directory,
      keyRing: await openFolder(directory, null),
      ports: scriptPorts(),
    });
    try {
      const people = await accounts.list();
      for (const { userName, role, states, npi, name: fullName } of people) {
        const where = states === 'all' ? 'unrestricted' : states.join(',');
        console.log([userName, role, where, npi ?? 'no NPI', fullName].join('\t'));
      }
      if (people.length === 0) console.log('There are no accounts yet.');
    } finally {
      await accounts.close();
    }
    return 0;
  }
  const [file, ...more] = rest;
  if (command === 'credentials' && name !== undefined && file !== undefined && more.length === 0) {
    const entitlement = await readCredentialsFile(file);
    const accounts = await openAccounts({
      directory,
      keyRing: await openFolder(directory, null),
      ports: scriptPorts(),
    });
    try {
      const reader = await accounts.setCredentials(name, entitlement, scriptPorts().now());
      if (reader === null)
        throw new ScriptEnd(`There is no account "${name}". \`npm run accounts -- list\` shows them.`);
      for (const line of credentialLines(reader.userName, entitlement)) console.log(line);
      console.log('A running Overread takes them up within seconds and writes them into the record.');
    } finally {
      await accounts.close();
    }
    return 0;
  }
  if (command === 'token' || command === 'tokens' || command === 'token-end') {
    if ((name === undefined) !== (command === 'tokens') || rest.length > 0) throw new ScriptEnd(usage);
    const accounts = await openAccounts({
      directory,
      keyRing: await openFolder(directory, null),
      ports: scriptPorts(),
    });
    try {
      return await tokenCommand(accounts, command, name ?? '', values);
    } finally {
      await accounts.close();
    }
  }
  if (command !== 'add' || name === undefined || rest.length > 0) throw new ScriptEnd(usage);
  const role = roles.find((one) => one === values.role);
  if (role === undefined) throw new ScriptEnd(`Say the role: --role ${roles.join('|')}.`);
  const keyRing = await openFolder(directory, values['key-file'] === true ? 'key-file' : 'passphrase');
  const accounts = await openAccounts({ directory, keyRing, ports: scriptPorts() });
  try {
    const added = await accounts.add({
      userName: name,
      name: values['full-name'] ?? name,
      role,
      npi: values.npi ?? null,
      site: values.site,
      states: statesOf(values.states ?? 'all'),
      password: await askPassword(name),
    });
    if (!added.ok) throw new ScriptEnd(added.error.message);
    const { states } = added.value;
    console.log(`The account ${added.value.userName} (${role}) is made.`);
    console.log(
      states === 'all'
        ? 'States: all, recorded as unrestricted. Overread will not keep this person from any study for want of a licence.'
        : `States of licence: ${states.join(', ')}.`,
    );
    return 0;
  } finally {
    await accounts.close();
  }
});
