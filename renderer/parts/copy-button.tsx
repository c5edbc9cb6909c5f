/** Copies a text, and says that it did. */
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'

const SAID_FOR_MS = 1600

export function CopyButton(props: { readonly text: string; readonly word: string; readonly what: string }) {
  const [said, setSaid] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [said])
  const copy = async (): Promise<void> => setSaid((await copyText(props.text)) ? 'copied' : 'failed')
  return (
    <Button
      look="quiet"
      size="small"
      label={`${props.word}: ${props.what}`}
      icon={said === 'copied' ? <IconCheck size={14} stroke={1.25} /> : <IconCopy size={14} stroke={1.25} />}
      onClick={() => void copy()}
    >
      <span aria-live="polite">{said === 'copied' ? 'Copied' : said === 'failed' ? 'Not copied' : props.word}</span>
    </Button>
  )
}

/** The desktop shell grants no permission at all, the clipboard's included: there it goes by a selection. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.readOnly = true
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus()
  return isCopied
}
