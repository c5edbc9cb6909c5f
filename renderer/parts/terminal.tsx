/** Output of a host in a terminal view. It shows and never answers: what a host sends is hostile input. */
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import styles from './terminal.module.css'

export type TerminalHandle = {
  /** @param done called when it has been shown; what is not yet shown counts against the feed's patience */
  write(bytes: Uint8Array | string, done?: () => void): void
  clear(): void
  follow(): void
}

const SCROLLBACK = 5000

export function TerminalView(props: {
  readonly label: string
  readonly ref?: Ref<TerminalHandle>
  readonly onFollowing?: (isFollowing: boolean) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const terminal = useRef<Terminal | null>(null)
  const onFollowing = useRef(props.onFollowing)
  useEffect(() => {
    onFollowing.current = props.onFollowing
  })

  useImperativeHandle(
    props.ref,
    () => ({
      write: (bytes, done) => terminal.current?.write(bytes, done),
      clear: () => {
        terminal.current?.reset()
      },
      follow: () => terminal.current?.scrollToBottom(),
    }),
    [],
  )

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const view = new Terminal({
      convertEol: true,
      disableStdin: true,
      scrollback: SCROLLBACK,
      fontFamily: token('--hp-mono'),
      fontSize: 11,
      lineHeight: 1.3,
      cursorStyle: 'bar',
      cursorInactiveStyle: 'none',
      cursorBlink: false,
      theme: themeOfTokens(),
      // A link in output leads nowhere.
      linkHandler: { activate: () => undefined },
      windowOptions: {},
      logLevel: 'off',
    })
    const fit = new FitAddon()
    view.loadAddon(fit)
    view.open(element)
    view.attachCustomKeyEventHandler(() => false)
    // OSC sequences would set titles, links and the clipboard: all swallowed.
    for (const osc of [0, 1, 2, 4, 8, 10, 11, 12, 52, 104, 110, 111, 112])
      view.parser.registerOscHandler(osc, () => true)
    const input = element.querySelector('textarea')
    input?.setAttribute('aria-label', props.label)
    input?.setAttribute('readonly', '')
    input?.setAttribute('tabindex', '-1')
    terminal.current = view
    const scrolled = view.onScroll(() => {
      const buffer = view.buffer.active
      onFollowing.current?.(buffer.viewportY >= buffer.baseY)
    })
    const refit = (): void => {
      if (element.clientWidth > 40 && element.clientHeight > 16) fit.fit()
    }
    const sizes = new ResizeObserver(refit)
    sizes.observe(element)
    const themes = new MutationObserver(() => {
      view.options.theme = themeOfTokens()
    })
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
    refit()
    return () => {
      sizes.disconnect()
      themes.disconnect()
      scrolled.dispose()
      terminal.current = null
      view.dispose()
    }
  }, [props.label])

  return (
    // Page keys scroll; everything else goes where it would go without the terminal.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={styles.terminal}
      ref={place}
      role="region"
      aria-label={props.label}
      tabIndex={0}
      onKeyDown={(event) => {
        const pages = { PageUp: -1, PageDown: 1 }[event.key]
        if (pages === undefined) return
        terminal.current?.scrollPages(pages)
        event.preventDefault()
      }}
    />
  )
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** ANSI colours are mapped to the inks of states, so that output holds the contrast that everything else holds. */
function themeOfTokens(): ITheme {
  const ink = token('--hp-ink-2')
  const colours = {
    black: token('--hp-ink-3'),
    red: token('--hp-state-failed'),
    green: token('--hp-state-passed'),
    yellow: token('--hp-state-warned'),
    blue: token('--hp-state-running'),
    magenta: token('--hp-state-unknown'),
    cyan: token('--hp-state-backing-out'),
    white: ink,
  }
  return {
    background: token('--hp-code'),
    foreground: ink,
    cursor: token('--hp-code'),
    selectionBackground: token('--hp-surface-3'),
    ...colours,
    brightBlack: token('--hp-ink-3'),
    brightRed: colours.red,
    brightGreen: colours.green,
    brightYellow: colours.yellow,
    brightBlue: colours.blue,
    brightMagenta: colours.magenta,
    brightCyan: colours.cyan,
    brightWhite: token('--hp-ink'),
  }
}
