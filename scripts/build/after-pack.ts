import { join } from 'node:path';
import { type FuseConfig, FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import type { AfterPackContext } from 'electron-builder';

/** What the packed program can and cannot do, burned into its binary: every fuse there is, so that a new one fails the build. */
export const fuses: FuseConfig = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  // The program is no Node for others, takes no options or debuggers for one from outside,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // runs its own archive and no folder put beside it, unaltered (macOS and Windows check it),
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  // gives files no rights of a page, keeps cookies sealed, though we set none,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // has one V8 snapshot, and WebAssembly codecs at full speed.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
};

type Packed = Pick<AfterPackContext, 'appOutDir' | 'electronPlatformName'> & {
  readonly packager: { readonly appInfo: { readonly productFilename: string }; readonly executableName?: string };
};

function programOf({ appOutDir, electronPlatformName, packager }: Packed): string {
  const { productFilename } = packager.appInfo;
  if (electronPlatformName === 'darwin' || electronPlatformName === 'mas')
    return join(appOutDir, `${productFilename}.app`);
  if (electronPlatformName === 'win32') return join(appOutDir, `${productFilename}.exe`);
  return join(appOutDir, packager.executableName ?? productFilename);
}

/** electron-builder's hook, before anything is signed: signing covers the fuses. */
export async function afterPack(context: Packed): Promise<void> {
  await flipFuses(programOf(context), {
    ...fuses,
    resetAdHocDarwinSignature: context.electronPlatformName === 'darwin',
  });
}
