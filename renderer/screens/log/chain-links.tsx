/** An entry between its neighbours: what each points at. */
import { showCount } from '../../../shared/text/quantity.ts'
import { State } from '../../parts/glyph.tsx'
import { shortHash } from '../../parts/origin-words.ts'
import { writeRoute } from '../../store/route.ts'
import styles from './entry-panel.module.css'
import type { Read } from './proof.ts'

export function ChainLinks(props: { readonly read: Read }) {
  const { proof, next } = props.read
  return (
    <ol className={styles.chain} aria-label="Place in the chain">
      <li>
        {proof.seq === 0 ? (
          <>
            <span className={styles.dim}>–</span>
            <span className={styles.dim}>the log begins here</span>
          </>
        ) : (
          <>
            <a href={writeRoute({ page: 'log', seq: proof.seq - 1 })}>{showCount(proof.seq - 1)}</a>
            <code title={proof.previousHash}>{shortHash(proof.previousHash)}</code>
          </>
        )}
        <State state={proof.chainIsGood ? 'passed' : 'failed'}>
          {proof.chainIsGood ? (proof.seq === 0 ? 'prev is zeros' : 'prev equal') : 'prev differs'}
        </State>
      </li>
      <li className={styles.here}>
        <b>{showCount(proof.seq)}</b>
        <code title={proof.hash}>{shortHash(proof.hash)}</code>
        <State state={props.read.header === null ? 'failed' : 'passed'}>
          {props.read.header === null ? 'not canonical' : 'hash, canonical'}
        </State>
      </li>
      <li>
        {next === null ? (
          <>
            <span className={styles.dim}>–</span>
            <span className={styles.dim}>the newest entry; the log seal names it</span>
          </>
        ) : (
          <>
            <a href={writeRoute({ page: 'log', seq: next.seq })}>{showCount(next.seq)}</a>
            <code title={next.hash}>{shortHash(next.hash)}</code>
            <State state={next.pointsHere ? 'passed' : 'failed'}>
              {next.pointsHere ? 'points here' : 'points elsewhere'}
            </State>
          </>
        )}
      </li>
    </ol>
  )
}
