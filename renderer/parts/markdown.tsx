/** Instructions as people wrote them. No HTML, no images, no links that lead away: an address is shown, not followed. */
import ReactMarkdown, { type Components } from 'react-markdown'
import styles from './markdown.module.css'

const COMPONENTS: Components = {
  a: ({ children, href }) => (
    <span>
      {children} <span className={styles.address}>{href}</span>
    </span>
  ),
  img: ({ alt }) => <span>{alt}</span>,
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h4>{children}</h4>,
}

export function Markdown(props: { readonly text: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown components={COMPONENTS} skipHtml>
        {props.text}
      </ReactMarkdown>
    </div>
  )
}
