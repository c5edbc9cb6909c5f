/** Mounts the screens once the page is stamped. */
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './mantine.css'
import './tokens.css'
import './base.css'
import { MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { startConnection } from '../store/connection.ts'
import { App } from './app.tsx'
import { resolveVariables, theme } from './theme.ts'

export function start(nonce: string | undefined): void {
  startConnection()
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={resolveVariables}
      {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
    >
      <App />
    </MantineProvider>,
  )
}
