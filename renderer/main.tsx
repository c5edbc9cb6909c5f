/** Starts the screens: first the policy's stamp, then the libraries that need it. */
import { z } from 'zod'
import { stampStyles, styleNonce } from './app/stamp.ts'

const nonce = styleNonce()
stampStyles(nonce)
// Before the first schema is made: compiled parsers need eval, which the policy refuses.
z.config({ jitless: true })

const { start } = await import('./app/start.tsx')
start(nonce)
