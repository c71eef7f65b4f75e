import { useCallback, useEffect, useState } from 'react';
import type { Capabilities, Session } from '../../shared/api/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, CommandsContext, createCommandRegistry, Message } from '../ui/index.ts';
import { Acknowledgement } from './acknowledgement.tsx';
import { type Boot, bootOf } from './boot.ts';
import { createEarlyKeys } from './early-keys.ts';
import { EndedScreen } from './ended-screen.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FirstAccount } from './first-account.tsx';
import type { ImagingSlot } from './imaging-slot.ts';
import { readKeyMap } from './key-map.ts';
import { LockScreen } from './lock-screen.tsx';
import type { Router } from './route.ts';
import { runSelfTest, type SelfTestResult } from './self-test.ts';
import { SignIn } from './sign-in.tsx';
import { startSignedIn } from './signed-in.ts';
import { useLock } from './use-lock.ts';
import { Workplace } from './workplace.tsx';

/** Milliseconds from the start. */
const selfTestAfter = 2_000;

export type AppProps = {
  readonly host: HostClient;
  /** Told `locked` and `not-signed-in` by whichever call learned it. */
  readonly refused: EventTarget;
  readonly router: Router;
  readonly imaging: ImagingSlot;
};

/** The composition root of the page: who is here, and what she may be shown. */
export function App({ host, refused, router, imaging }: AppProps) {
  const [registry] = useState(() => {
    const made = createCommandRegistry();
    made.setKeys(readKeyMap());
    return made;
  });
  const [earlyKeys] = useState(() => createEarlyKeys(window, () => Date.now()));
  useEffect(() => () => earlyKeys.stop(), [earlyKeys]);
  const [boot, setBoot] = useState<Boot>({ kind: 'asking' });
  const [selfTest, setSelfTest] = useState<readonly SelfTestResult[]>([]);
  const { locked, lock, unlock, covered } = useLock();

  const restart = useCallback(
    async (ended: string | null) => {
      setBoot((before) => {
        if (before.kind === 'in') before.signedIn.end();
        return { kind: 'asking' };
      });
      earlyKeys.wait();
      const next = await bootOf(host, ended);
      // Only what goes straight in shows a list next; every other screen has keys of its own.
      if (next.kind !== 'acknowledge' || !next.session.acknowledged) earlyKeys.forget();
      setBoot(next);
    },
    [host, earlyKeys],
  );

  useEffect(() => {
    void restart(null);
  }, [restart]);

  // Once the first screen stands: its worker and its store would hold that up.
  useEffect(() => {
    const waiting = setTimeout(() => {
      void runSelfTest(host).then((results) => {
        setSelfTest(results);
        void host.call('selfTest', { input: { results: [...results] } });
      });
    }, selfTestAfter);
    return () => clearTimeout(waiting);
  }, [host]);

  const leave = useCallback(
    (why: string | null) => {
      host.session.forget();
      unlock();
      router.openList();
      void restart(why);
    },
    [host, unlock, router, restart],
  );

  useEffect(() => {
    const onLocked = (): void => lock();
    const onSignedOut = (): void => {
      if (host.session.token() !== null) leave('You were signed out.');
    };
    refused.addEventListener('locked', onLocked);
    refused.addEventListener('not-signed-in', onSignedOut);
    return () => {
      refused.removeEventListener('locked', onLocked);
      refused.removeEventListener('not-signed-in', onSignedOut);
    };
  }, [refused, lock, leave, host]);

  const signOut = useCallback(() => {
    void host.call('signOut').then(() => leave('You signed out.'));
  }, [host, leave]);

  const enter = useCallback(
    async (capabilities: Capabilities, session: Omit<Session, 'token'>) => {
      earlyKeys.wait();
      const signedIn = await startSignedIn({
        host,
        session,
        capabilities,
        onLocked: lock,
        onEnded: leave,
        rememberedPrint: imaging.rememberedPrint,
      });
      // The screen of a case that the address names takes longer to build than the host to open it.
      const route = router.route.getState();
      if (route.kind === 'case') {
        signedIn.caseStore.begin(route.taskId, route.mode);
        // What draws is loaded meanwhile; a failure is told where the images should stand, which asks again.
        imaging.get().catch(() => undefined);
      }
      setBoot({ kind: 'in', capabilities, signedIn });
    },
    [host, lock, leave, earlyKeys, router, imaging],
  );

  // Who has acknowledged goes straight in.
  const passing = boot.kind === 'acknowledge' && boot.session.acknowledged ? boot : null;
  useEffect(() => {
    if (passing !== null) void enter(passing.capabilities, passing.session);
  }, [passing, enter]);

  const screen = (() => {
    switch (boot.kind) {
      case 'asking':
        return null;
      case 'unreachable':
        return (
          <Message
            form="block"
            tone="ask"
            title="Overread’s host does not answer."
            action={<Button onClick={() => void restart(null)}>Try again</Button>}
          >
            {boot.message} Nothing that was saved is lost.
          </Message>
        );
      case 'ended':
        return <EndedScreen host={host} ended={boot.ended} onAfresh={() => void restart(null)} />;
      case 'first-account':
        return <FirstAccount host={host} capabilities={boot.capabilities} onMade={() => void restart(null)} />;
      case 'sign-in':
        return (
          <SignIn
            host={host}
            capabilities={boot.capabilities}
            ended={boot.ended}
            earlyKeys={earlyKeys}
            onSignedIn={(session) => {
              host.session.keep(session);
              // A site's desk is a page of its own; the session goes with it.
              if (session.reader.role === 'site') {
                location.assign('/site');
                return;
              }
              if (!session.acknowledged) earlyKeys.forget();
              setBoot({ kind: 'acknowledge', capabilities: boot.capabilities, session });
            }}
          />
        );
      case 'locked-out':
        return (
          <LockScreen
            host={host}
            onUnlocked={(session) => {
              unlock();
              setBoot({ kind: 'acknowledge', capabilities: boot.capabilities, session });
            }}
            onSignOut={signOut}
          />
        );
      case 'acknowledge':
        return boot.session.acknowledged ? null : (
          <Acknowledgement
            host={host}
            reader={boot.session.reader}
            onAcknowledged={() => void enter(boot.capabilities, { ...boot.session, acknowledged: true })}
            onSignOut={signOut}
          />
        );
      case 'in':
        return (
          <Workplace
            host={host}
            signedIn={boot.signedIn}
            capabilities={boot.capabilities}
            router={router}
            imaging={imaging}
            selfTest={selfTest}
            locked={locked}
            earlyKeys={earlyKeys}
            onLock={() => {
              lock();
              void host.call('lockSession');
            }}
            onSignOut={signOut}
          />
        );
    }
  })();

  return (
    <CommandsContext value={registry}>
      <div className="screen" ref={covered} inert={locked && boot.kind === 'in'}>
        <ErrorBoundary part="this screen">{screen}</ErrorBoundary>
      </div>
      {locked && boot.kind === 'in' ? (
        <LockScreen
          host={host}
          onUnlocked={() => {
            unlock();
            // What was asked while locked was refused.
            boot.signedIn.worklist.refresh();
          }}
          onSignOut={signOut}
        />
      ) : null}
    </CommandsContext>
  );
}
