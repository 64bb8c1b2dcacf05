import { Component, type ReactNode } from 'react';
import { Failure } from './Failure.tsx';

/** Shows a mistake of a page in place of the page; the frame around it goes on. */
export class Mistake extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error !== undefined ? (
      <Failure error={this.state.error} onRetry={() => this.setState({ error: undefined })} />
    ) : (
      this.props.children
    );
  }
}
