/** A canonical text, laid out. The bytes themselves are copied from beside it. */
import { useMemo } from 'react'
import styles from './entry-panel.module.css'
import { indent } from './indent.ts'

export function JsonText(props: { readonly text: string }) {
  const lines = useMemo(() => indent(props.text), [props.text])
  return (
    <div className={styles.json}>
      {lines.map((line, at) => (
        // A line has no name but its place.
        <div key={at} style={{ paddingLeft: `${line.depth * 2 + 2}ch` }}>
          {line.pieces.map((piece, part) => (piece.kind === 'key' ? <b key={part}>{piece.text}</b> : piece.text))}
        </div>
      ))}
    </div>
  )
}
