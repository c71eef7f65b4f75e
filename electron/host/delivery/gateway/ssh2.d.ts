/** What we use of ssh2, which brings no types of its own (those of DefinitelyTyped bring an older Node's along). */
declare module 'ssh2' {
  type Answer = (error: (Error & { readonly code?: number }) | null | undefined) => void;
  type AnswerWith<Value> = (error: (Error & { readonly code?: number }) | null | undefined, value: Value) => void;

  export type SshFailure = Error & {
    /** `client-socket`, `client-timeout`, `client-authentication`, `handshake`, … */
    readonly level?: string;
    readonly code?: string;
  };
  export type FileFacts = { readonly size: number; isDirectory(): boolean };
  /** SFTP version 3 (draft-ietf-secsh-filexfer-02), as every server speaks it. */
  export type Sftp = {
    on(event: 'error', told: () => void): void;
    stat(path: string, answer: AnswerWith<FileFacts>): void;
    open(path: string, flags: 'r' | 'w', answer: AnswerWith<Buffer>): void;
    read(
      handle: Buffer,
      into: Buffer,
      offset: number,
      length: number,
      position: number,
      answer: (error: (Error & { readonly code?: number }) | null | undefined, bytesRead: number) => void,
    ): void;
    write(handle: Buffer, from: Buffer, offset: number, length: number, position: number, answer: Answer): void;
    close(handle: Buffer, answer: Answer): void;
    mkdir(path: string, answer: Answer): void;
    rmdir(path: string, answer: Answer): void;
    unlink(path: string, answer: Answer): void;
    readdir(path: string, answer: AnswerWith<readonly { readonly filename: string }[]>): void;
    rename(from: string, to: string, answer: Answer): void;
    /** Throws where the server does not have it. */
    ext_openssh_fsync(handle: Buffer, answer: Answer): void;
  };
  export type ConnectOptions = {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly password?: string;
    readonly privateKey?: string;
    readonly tryKeyboard?: boolean;
    readonly authHandler: readonly ('password' | 'publickey' | 'keyboard-interactive')[];
    readonly readyTimeout: number;
    hostVerifier(key: Buffer): boolean;
  };
  type Prompt = { readonly prompt: string; readonly echo: boolean };

  const ssh2: {
    readonly Client: new () => {
      on(event: 'ready' | 'close' | 'end', told: () => void): void;
      on(event: 'error', told: (reason: SshFailure) => void): void;
      on(
        event: 'keyboard-interactive',
        told: (
          name: string,
          instructions: string,
          language: string,
          prompts: readonly Prompt[],
          finish: (answers: readonly string[]) => void,
        ) => void,
      ): void;
      connect(options: ConnectOptions): void;
      sftp(answer: AnswerWith<Sftp>): void;
      setNoDelay(noDelay: boolean): void;
      end(): void;
      destroy(): void;
    };
    readonly utils: { parseKey(key: string): unknown };
  };
  export default ssh2;
}
