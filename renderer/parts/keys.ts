/** Keys of a screen. They do nothing while a person types, and nothing behind a dialog. */
import { useEffect, useRef } from 'react'

export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** `Ctrl+Enter`, `Escape`, `ArrowDown`, `[`, `Shift+ArrowLeft`; a letter is written small. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const isShiftPart = event.shiftKey && event.key.length > 1
  return [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', isShiftPart ? 'Shift' : '', key]
    .filter((part) => part !== '')
    .join('+')
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  return target instanceof HTMLInputElement && !['radio', 'checkbox', 'range', 'button'].includes(target.type)
}

export function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null
}

const OWN_KEYS: readonly (readonly [string, RegExp])[] = [
  // A button, a link and what folds are pressed by these themselves.
  ['button, a[href], summary, [role="menuitem"]', /^(Enter| )$/],
  // A choice and a slider are moved by these themselves.
  ['input[type="radio"], input[type="range"], [role="menu"] *', /^(Arrow|Home|End|PageUp|PageDown| )/],
  ['input[type="checkbox"]', /^ $/],
]

/** Does the element that has the focus use this key itself? */
function isOwnKey(target: EventTarget | null, key: string): boolean {
  return target instanceof Element && OWN_KEYS.some(([selector, keys]) => keys.test(key) && target.matches(selector))
}

/** Listens for as long as the screen is shown. Keys with Ctrl work while typing too. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isDialogOpen()) return
      const name = nameOf(event)
      const act = latest.current[name]
      if (act === undefined || isOwnKey(event.target, event.key)) return
      if (isTyping(event.target) && !name.startsWith('Ctrl+')) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
