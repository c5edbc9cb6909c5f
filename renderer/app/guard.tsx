/** A fault in one page's code takes down that page, says so, and leaves the frame and the console alone. */
import { Component, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { Empty } from '../parts/empty.tsx'

export class Guard extends Component<{ readonly children: ReactNode }, { readonly fault: Error | null }> {
  override state: { readonly fault: Error | null } = { fault: null }

  static getDerivedStateFromError(fault: Error) {
    return { fault }
  }

  override render(): ReactNode {
    const { fault } = this.state
    if (fault === null) return this.props.children
    return (
      <Empty
        title="This page broke"
        acts={
          <>
            <Button look="ink" onClick={() => this.setState({ fault: null })}>
              Show it again
            </Button>
            <Button onClick={() => location.reload()}>Reload everything</Button>
          </>
        }
      >
        A fault in the screen, not in the console: runs go on, and the log is whole. It says: {fault.message}
      </Empty>
    )
  }
}
