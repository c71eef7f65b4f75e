import { parseArgs } from 'node:util';
import { type Accounts, openAccounts } from '../electron/host/identity/index.ts';
import type { Role } from '../shared/domain/reader/index.ts';
import { dataFolder, openFolder, runScript, ScriptEnd, scriptPorts } from './data-folder.ts';
import { askHidden, linesOf } from './terminal.ts';

const usage = `npm run accounts -- add NAME --role radiologist|lead|qa|site [--states CA,NV|all] [--npi N] [--full-name "Dr …"] [--data DIR] [--key-file]
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
