import { Component, type ReactNode } from 'react';
import { Button, Message } from '../ui/index.ts';

type Props = { readonly children: ReactNode; readonly part: string; readonly onLeave?: () => void };
type State = { readonly failed: boolean };

/**
 * Catches a bug of the page once, where it happened, and says what still works. A class, because React has no other way to catch.
 * The error's own text is not shown or sent: it may hold a patient's words.
 */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Message
        form="block"
        tone="ask"
        title={`Overread made a mistake in ${this.props.part}.`}
        action={
          <>
            <Button kind="go" onClick={() => this.setState({ failed: false })}>
              Try again
            </Button>
            {this.props.onLeave === undefined ? null : <Button onClick={this.props.onLeave}>Back to the list</Button>}
          </>
        }
      >
        What was saved stays saved. The rest of the program goes on.
      </Message>
    );
  }
}
