/** What this is: version, licence, what it is made of, and where its format is written down. */
import { Facts } from '../../parts/dialog.tsx'
import { Panel } from '../../parts/panel.tsx'
import { byLicence } from './licences.ts'
import styles from './settings.module.css'

export function AboutPanel(props: { readonly version: string }) {
  return (
    <Panel title="About">
      <div className={styles.inside}>
        <Facts
          termWidth={88}
          rows={[
            { term: 'Holdpoint', value: props.version },
            { term: 'Licence', value: 'Apache-2.0' },
            {
              term: 'Log format',
              value: 'version 1, in shared/journal/FORMAT.md; a second verifier in resources/verify/verify.py',
            },
            { term: 'Network', value: 'hosts and the archive, nothing else: no account, no server, no telemetry' },
          ]}
        />
        <h3>Made with</h3>
        <Facts
          termWidth={88}
          rows={byLicence().map(({ licence, names }) => ({ term: licence, value: names.join(', ') }))}
        />
      </div>
    </Panel>
  )
}
